//! Who has been seen in a room: a name to show, always with a short form of the id, as names are not unique; and what each has done.

pub mod conduct;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::app::text::{Clean, clean, fingerprint, fit};
use crate::messaging::frame::{Attributes, Sender};

use super::book::Book;
use super::row::Actor;
pub use conduct::{Conduct, Heard};

/// People that are remembered in a room. Beyond it those go who have been quiet for longest, a tenth at once; rows keep
/// whom they show, and who comes again is counted anew.
const CAPACITY: usize = 50_000;

/// Badges that are shown of one user, and the cells of each: whoever issues tokens may make them as long as a page.
const BADGES: usize = 3;
const BADGE: usize = 12;

/// In which attributes of a token applications keep what is shown of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// The name: the first of these that is filled counts.
    pub names: Vec<String>,
    /// The badges: all of these that are filled count.
    pub badges: Vec<String>,
}

impl Default for Naming {
    fn default() -> Self {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self { names: own(&["displayName", "displayname", "username", "name"]), badges: own(&["badge", "role"]) }
    }
}

/// A user as a row shows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id in the user's token.
    pub user_id: Box<str>,
    /// The display name, or the id if there is none.
    pub name: Clean,
    /// Four hexadecimal digits made from the whole id: equal names with different digits are different users.
    pub short: [u8; 4],
    /// Picks the colour of the name.
    pub hue: u64,
    /// The attributes in the user's token.
    pub attributes: Attributes,
    badges: Box<[Clean]>,
}

impl Person {
    fn new(sender: &Sender, naming: &Naming) -> Self {
        let name = naming.names.iter().filter_map(|name| sender.attributes.get(name)).map(|name| name.trim());
        let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or(&sender.user_id);
        let hash = fnv(&sender.user_id);
        let digit = |shift: u32| b"0123456789abcdef"[usize::try_from(hash >> shift & 0xf).unwrap_or_default()];
        Self {
            user_id: sender.user_id.as_str().into(),
            name: clean(name),
            short: [digit(12), digit(8), digit(4), digit(0)],
            hue: hash >> 16,
            attributes: sender.attributes.clone(),
            badges: badges(&sender.attributes, naming),
        }
    }

    /// The four digits.
    pub fn short(&self) -> &str {
        std::str::from_utf8(&self.short).unwrap_or_default()
    }

    /// Name and short id, such as `nadia#a1b2`.
    pub fn label(&self) -> String {
        format!("{}#{}", self.name.as_str(), self.short())
    }

    /// What the user's token says they are, such as `mod`: a few short words, safe to show.
    pub fn badges(&self) -> &[Clean] {
        &self.badges
    }
}

/// The words of the attributes that hold badges. One that only says yes is called as its attribute.
fn badges(attributes: &Attributes, naming: &Naming) -> Box<[Clean]> {
    let mut badges: Vec<Clean> = Vec::new();
    let filled = naming.badges.iter().filter_map(|key| attributes.get(key).map(|value| (key, value)));
    for (key, value) in filled {
        for word in value.split(',').map(str::trim).filter(|word| !matches!(*word, "" | "false" | "no" | "0" | "none"))
        {
            let word = if matches!(word, "true" | "yes" | "1") { key } else { word };
            let badge = clean(&fit(clean(word).as_str(), BADGE));
            if badges.len() < BADGES && !badges.iter().any(|known| known.as_str() == badge.as_str()) {
                badges.push(badge);
            }
        }
    }
    badges.into()
}

/// FNV-1a, folded: the digits must be the same on every machine and in every version, as people quote them.
fn fnv(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash ^ hash >> 32
}

/// What names have in common that look alike; nought for one that has nothing to compare.
fn look_of(name: &Clean) -> u64 {
    fingerprint(name.as_str())
}

/// What is known of one user.
#[derive(Debug)]
struct Known {
    /// As they were seen last; none of one who was disconnected and has never written here.
    person: Option<Arc<Person>>,
    conduct: Conduct,
    /// The last time that anything was heard of them, counted in things heard.
    touched: u64,
}

/// The people of a room.
#[derive(Debug, Default)]
pub struct People {
    naming: Arc<Naming>,
    seen: HashMap<Box<str>, Known>,
    /// Who has, or had, a name that looks like this.
    names: BTreeSet<(u64, Box<str>)>,
    /// What moderators keep about users of this account.
    book: Arc<Book>,
    touches: u64,
    forgotten: usize,
}

impl People {
    /// Nobody yet; names and badges are in these attributes.
    pub fn new(naming: Arc<Naming>) -> Self {
        Self { naming, ..Self::default() }
    }

    /// The sender of a message. Changed attributes make a new entry: older rows keep the name that they came with.
    pub fn meet(&mut self, sender: &Sender) -> Arc<Person> {
        let known = self.seen.get(sender.user_id.as_str()).and_then(|known| known.person.as_ref());
        if let Some(known) = known.filter(|known| known.attributes == sender.attributes) {
            return Arc::clone(known);
        }
        let person = Arc::new(Person::new(sender, &self.naming));
        let known = self.known_mut(&person.user_id);
        known.person = Some(Arc::clone(&person));
        if known.conduct.called(&person.name) {
            let look = look_of(&person.name);
            if look != 0 {
                self.names.insert((look, person.user_id.clone()));
            }
        }
        person
    }

    /// A message of a user whom we have met is new here; returns after what time it came, if they had been disconnected.
    pub fn heard(&mut self, user_id: &str, heard: Heard) -> Option<Duration> {
        self.known_mut(user_id).conduct.heard(heard)
    }

    /// A message of theirs was deleted.
    pub fn deleted(&mut self, user_id: &str, by: Actor) {
        self.known_mut(user_id).conduct.deleted(by);
    }

    /// They were disconnected.
    pub fn disconnected(&mut self, user_id: &str, at: Timestamp, by: Actor, reason: &Clean) {
        self.known_mut(user_id).conduct.disconnected(at, by, reason.clone());
    }

    /// A user by id, if seen before.
    pub fn find(&self, user_id: &str) -> Option<&Arc<Person>> {
        self.seen.get(user_id)?.person.as_ref()
    }

    /// What a user has done here; none of one who was never heard of, or was forgotten.
    pub fn conduct(&self, user_id: &str) -> Option<&Conduct> {
        self.seen.get(user_id).map(|known| &known.conduct)
    }

    /// Others who have, or had, a name that looks like one of this user's, in the order of their ids.
    pub fn namesakes<'a>(&'a self, user_id: &'a str) -> impl Iterator<Item = &'a Arc<Person>> {
        let names = self.conduct(user_id).map_or(&[][..], |conduct| &conduct.names);
        let mut looks: Vec<u64> = names.iter().map(look_of).filter(|look| *look != 0).collect();
        looks.sort_unstable();
        looks.dedup();
        let like = |look: u64| {
            let from = self.names.range((look, Box::from(""))..);
            from.take_while(move |(other, _)| *other == look).map(|(_, id)| &**id)
        };
        looks.into_iter().flat_map(like).filter(move |id| *id != user_id).filter_map(|id| self.find(id))
    }

    /// Whether anybody else has, or had, a name that looks like one of this user's.
    pub fn has_namesake(&self, user_id: &str) -> bool {
        self.namesakes(user_id).next().is_some()
    }

    /// What moderators keep about users of this account.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// It has changed.
    pub fn set_book(&mut self, book: Arc<Book>) {
        self.book = book;
    }

    /// Whether a user is watched at `now`.
    pub fn is_watched(&self, user_id: &str, now: Timestamp) -> bool {
        self.book.watch(user_id, now).is_some()
    }

    /// Whether a user is watched, as far as flags that have ended were taken out of the book.
    pub fn has_watch(&self, user_id: &str) -> bool {
        self.book.has_watch(user_id)
    }

    /// Whether there is a note about a user.
    pub fn is_noted(&self, user_id: &str) -> bool {
        !self.book.notes(user_id).is_empty()
    }

    /// People who were forgotten because there were too many.
    pub fn forgotten(&self) -> usize {
        self.forgotten
    }

    fn known_mut(&mut self, user_id: &str) -> &mut Known {
        if self.seen.len() >= CAPACITY && !self.seen.contains_key(user_id) {
            self.forget_the_quietest();
        }
        self.touches += 1;
        let touched = self.touches;
        let new = || Known { person: None, conduct: Conduct::new(), touched };
        let known = self.seen.entry(user_id.into()).or_insert_with(new);
        known.touched = touched;
        known
    }

    fn forget_the_quietest(&mut self) {
        let mut touched: Vec<u64> = self.seen.values().map(|known| known.touched).collect();
        let (_, limit, _) = touched.select_nth_unstable(CAPACITY / 10);
        let limit = *limit;
        self.forgotten += self.seen.len();
        self.seen.retain(|_, known| known.touched > limit);
        self.forgotten -= self.seen.len();
        self.names.retain(|(_, id)| self.seen.contains_key(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(user_id: &str, name: &str) -> Sender {
        Sender { user_id: user_id.into(), attributes: [("displayName".to_owned(), name.to_owned())].into() }
    }

    fn with(attributes: &[(&str, &str)]) -> Sender {
        let attributes = attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Sender { user_id: "u-1".into(), attributes }
    }

    fn person(sender: &Sender) -> Person {
        Person::new(sender, &Naming::default())
    }

    #[test]
    fn equal_names_of_different_users_differ_in_their_digits() {
        let mut people = People::default();
        let (one, other) = (people.meet(&sender("u-1", "nadia")), people.meet(&sender("u-2", "nadia")));
        assert_eq!(one.name, other.name);
        assert_ne!(one.short(), other.short());
    }

    #[test]
    fn the_digits_stay_the_same_for_good() {
        assert_eq!(person(&sender("nadia.55b2", "nadia")).label(), "nadia#e237");
    }

    #[test]
    fn a_blank_name_gives_way_to_the_next_one_and_at_last_to_the_id() {
        assert_eq!(person(&sender("u-1", "  ")).name.as_str(), "u-1");
        assert_eq!(person(&with(&[("displayName", " "), ("name", "Ann")])).name.as_str(), "Ann");
    }

    #[test]
    fn names_and_badges_are_where_the_configuration_says() {
        let naming = Naming { names: vec!["nick".into()], badges: vec!["vip".into(), "team".into()] };
        let person =
            Person::new(&with(&[("nick", "N"), ("displayName", "D"), ("vip", "true"), ("team", "red")]), &naming);
        assert_eq!(person.name.as_str(), "N");
        let badges: Vec<&str> = person.badges().iter().map(Clean::as_str).collect();
        assert_eq!(badges, ["vip", "red"]);
    }

    #[test]
    fn badges_are_few_short_and_safe() {
        let words = "mod, mod,\u{202e}evil,false,a badge as long as a page,one more";
        let person = person(&with(&[("badge", words), ("role", "no")]));
        let badges: Vec<&str> = person.badges().iter().map(Clean::as_str).collect();
        assert_eq!(badges, ["mod", "evil", "a badge as …"]);
        assert!(self::person(&with(&[])).badges().is_empty());
    }

    #[test]
    fn who_looks_alike_is_found_by_any_name_they_had() {
        let mut people = People::default();
        for (id, name) in
            [("u-1", "Nadia"), ("u-2", "nadia"), ("u-3", "bob"), ("u-3", "NADIA."), ("u-3", "bob"), ("u-4", "!")]
        {
            people.meet(&sender(id, name));
        }
        let ids = |of: &str| people.namesakes(of).map(|person| person.user_id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids("u-1"), ["u-2", "u-3"]);
        assert_eq!(ids("u-3"), ["u-1", "u-2"]);
        assert!(!people.has_namesake("u-4") && !people.has_namesake("nobody"));
    }

    #[test]
    fn beyond_the_capacity_those_go_who_have_been_quiet_for_longest() {
        let mut people = People::default();
        for n in 0..CAPACITY {
            people.meet(&sender(&format!("u-{n}"), "guest"));
        }
        people.deleted("u-7", Actor::SomebodyElse);
        people.meet(&sender("one more", "guest"));
        assert!(people.find("u-0").is_none() && people.find("u-7").is_some() && people.find("one more").is_some());
        assert!(people.seen.len() < CAPACITY && people.names.len() == people.seen.len());
        assert_eq!(people.forgotten() + people.seen.len(), CAPACITY + 1);
    }

    #[test]
    fn who_never_wrote_and_was_disconnected_is_back_when_they_write() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut people = People::default();
        people.disconnected("u-1", at(100), Actor::SomebodyElse, &clean(""));
        assert!(people.find("u-1").is_none());
        people.meet(&sender("u-1", "nadia"));
        let heard = Heard { fingerprint: 1, link: false, at: at(114) };
        assert_eq!(people.heard("u-1", heard), Some(Duration::from_secs(14)));
    }
}
