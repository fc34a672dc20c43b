//! The name that somebody most likely meant.

/// The name nearest to what was typed, if one is near: a letter wrong for every three, and one in any case.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = names.into_iter().filter_map(|name| Some((wrong(typed, name)?, name)));
    near.min_by_key(|(wrong, _)| *wrong).map(|(_, name)| name)
}

/// Up to three names near to what was typed, the nearest first.
pub fn nearest_few<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    // A letter in the wrong place is likelier than one too many.
    let longer = |name: &str| name.len().abs_diff(typed.len());
    let near = names.into_iter().filter_map(|name| Some((wrong(typed, name)?, longer(name), name)));
    let mut near: Vec<_> = near.collect();
    near.sort_unstable();
    near.into_iter().map(|(_, _, name)| name).take(3).collect()
}

/// How many letters are wrong if `name` was meant, unless it is too many.
fn wrong(typed: &str, name: &str) -> Option<usize> {
    let (typed, name) = (typed.to_lowercase(), name.to_lowercase());
    let far = (typed.chars().count() / 3).max(1);
    // Who stops early has made no mistake.
    let wrong = if name.starts_with(&typed) { 0 } else { distance(&typed, &name) };
    (wrong <= far && !typed.is_empty()).then_some(wrong)
}

/// Letters to add, take away, change or swap with their neighbour to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let changed = rows[i][j] + usize::from(a != b);
            let mut least = changed.min(row[j] + 1).min(rows[i][j + 1] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_and_a_beginning_are_near_and_another_word_is_not() {
        let names = ["open", "rooms", "refresh", "quit"];
        assert_eq!(nearest("opne", names), Some("open"));
        assert_eq!(nearest("ref", names), Some("refresh"));
        assert_eq!(nearest("Rom", names), None, "two letters are missing of three");
        assert_eq!(nearest("room", names), Some("rooms"));
        assert_eq!(nearest("xyzzy", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn several_names_may_be_near_and_the_nearest_comes_first() {
        let names = ["prod-eu", "staging", "pro", "prod"];
        assert_eq!(nearest_few("prdo", names), ["prod", "pro"]);
        assert_eq!(nearest_few("prod", names), ["prod", "prod-eu", "pro"], "what it begins comes first");
        assert_eq!(nearest_few("x", names), [""; 0]);
    }
}
