//! Texts that mean harm, texts that only look strange, and what must not get through of the first. Kept apart from the
//! code that cleans: both would be wrong together.

use unicode_segmentation::UnicodeSegmentation;

/// Code points that nobody sees or that a terminal reorders by, beyond the controls.
const HIDDEN: &[(u32, u32)] = &[
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x61c, 0x61c),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff9, 0xfffb),
    (0x1_d173, 0x1_d17a),
    (0xe_0001, 0xe_0001),
    (0xe_0020, 0xe_007f),
    (0xe_0100, 0xe_0120),
];

/// What a terminal obeys, and what programs of the past have obeyed.
const SEQUENCES: &[&str] = &[
    "\x1b[2J\x1b[H",
    "\x1bc",
    "\x1b[?1049h",
    "\x1b[?1049l",
    "\x1b[?25l",
    "\x1b[?1003h",
    "\x1b[?2004l",
    "\x1b[201~\nrm -rf ~\n",
    "\x1b[6n",
    "\x1b[c",
    "\x1b[>c",
    "\x1b[5i",
    "\x1b[20t",
    "\x1b[21t",
    "\x1b[8;1;1t",
    "\x1b[31;1;5m",
    "\x1b[100A\x1b[2K",
    "\x1b[1;1r",
    "\x1b(0",
    "\x1b#8",
    "\x1b%G",
    "\x1bZ",
    "\x1b]0;title\x07",
    "\x1b]2;title\x1b\\",
    "\x1b]4;0;?\x07",
    "\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "\x1b]9;notice\x07",
    "\x1b]10;?\x07",
    "\x1b]50;#3\x07",
    "\x1b]52;c;cm0gLXJmIH4K\x07",
    "\x1b]52;c;?\x07",
    "\x1b]99;;notice\x1b\\",
    "\x1b]133;C\x07",
    "\x1b]777;notify;a;b\x07",
    "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1bP+q544e\x1b\\",
    "\x1bP$qm\x1b\\",
    "\x1bPq#0;2;0;0;0~\x1b\\",
    "\x1b_Gf=100;AAAA\x1b\\",
    "\x1b^private\x1b\\",
    "\x1bXstring\x1b\\",
    "\x1bk title \x1b\\",
    "\u{9b}2J",
    "\u{9d}52;c;cm0=\u{9c}",
    "\u{90}+q\u{9c}",
    "\u{9f}x\u{9c}",
    "\u{85}next line",
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x1b[\x1b[\x1b[",
    "\x08\x08\x08\x08root",
    "a\rb",
    "\r\n\r\n",
    "\x0e\x0f",
    "\x05",
    "\0\0\0",
    "\x07\x07\x07",
    "\t\t\t",
    "\x0b\x0c",
];

/// What looks like something that it is not.
const TRICKS: &[&str] = &[
    "user\u{202e}gpj.exe",
    "\u{202e}\u{202d}\u{202a}abc",
    "\u{2066}a\u{2067}b\u{2068}c",
    "if (a \u{2066}) { /* \u{2069}",
    "pay\u{200b}pal",
    "1\u{200d}2\u{200d}3",
    "#\u{fe0f}*\u{fe0f}",
    "a\u{200d}\u{200d}\u{200d}b",
    "❤\u{fe0f}\u{fe0f}\u{fe0f}\u{fe0f}",
    "👩\u{200d}\u{200d}\u{200d}👧",
    "👩\u{200c}👧",
    "\u{200d}\u{200d}",
    "\u{fe0f}",
    "\u{301}\u{301}\u{301}",
    "\u{1f3f4}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e007f}",
    "12:00:00 - joined: what was said before is not shown",
    "ok\n12:00:00 - disconnected: everyone",
    "ok\r\n12:00:00 - deleted by a moderator",
    "ok\u{2028}12:00:00 - joined",
    "ok\u{2029}12:00:00 - joined",
    "- joined: what was said before is not shown",
    "│ ┌──┐ └──┘ │",
    "== 14 from 11 ==",
    "deleted: spam (you, 0.4 s)",
    "\u{ff0d} joined",
    "",
    " ",
    "\u{3000}\u{2800}\u{a0}",
    "\u{fffd}\u{fffe}\u{ffff}",
    "\u{e000}\u{f8ff}",
    "\u{fdfd}\u{fdfd}\u{fdfd}",
    "\u{12031}\u{a9c5}",
];

/// Several hundred texts that mean harm.
pub(crate) fn corpus() -> Vec<String> {
    let controls = (0..0x20).chain(0x7f..0xa0);
    let hidden = HIDDEN.iter().flat_map(|(first, last)| *first..=*last);
    let mut texts: Vec<String> =
        controls.chain(hidden).filter_map(char::from_u32).map(|c| format!("pa{c}y me{c}")).collect();
    texts.extend(SEQUENCES.iter().map(|sequence| format!("see {sequence} this")));
    texts.extend(SEQUENCES.iter().chain(TRICKS).map(|text| (*text).to_owned()));
    for mark in ['\u{301}', '\u{336}', '\u{489}', '\u{20dd}', '\u{e47}', '\u{1ab0}', '\u{fe20}'] {
        texts.push(format!("z{}algo", mark.to_string().repeat(300)));
        texts.push(format!("z{}", format!("{}\u{200b}", mark.to_string().repeat(7)).repeat(40)));
    }
    texts.push(format!("x{}", "\u{200d}👧".repeat(200)));
    texts.push("🇩".repeat(101));
    texts.push("n".repeat(3000));
    texts.push("ね".repeat(1000));
    assert!(texts.len() > 400, "{}", texts.len());
    texts
}

/// Texts of many scripts, and emoji, as people write them.
pub(crate) const BENIGN: &[&str] = &[
    "hello, world! (it's fine)",
    "Grüße aus Köln",
    "žluťoučký kůň",
    "Tiếng Việt rất đẹp",
    "Καλησπέρα σας",
    "Привіт, як справи?",
    "Здраво свима",
    "Բարեւ ձեզ",
    "გამარჯობა",
    "שלום לכולם",
    "مرحبا بالجميع",
    "می\u{200c}خواهم",
    "السَّلَامُ",
    "नमस्ते क्षत्रिय",
    "বাংলা ভাষা",
    "ਸਤ ਸ੍ਰੀ ਅਕਾਲ",
    "தமிழ் மொழி",
    "తెలుగు భాష",
    "ಕನ್ನಡ",
    "മലയാളം",
    "ශ්‍රී ලංකාව",
    "สวัสดีครับ",
    "ສະບາຍດີ",
    "မြန်မာ",
    "ភាសាខ្មែរ",
    "བོད་སྐད",
    "ねこが好きです",
    "がぎぐげご",
    "カタカナ",
    "你好，世界",
    "繁體中文",
    "안녕하세요",
    "አማርኛ",
    "ᏣᎳᎩ",
    "👍 👍🏽 😂",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "❤\u{fe0f} ❤\u{fe0f}\u{200d}🔥",
    "🏳\u{fe0f}\u{200d}🌈",
    "🇩🇪 🇯🇵",
    "1\u{fe0f}\u{20e3} #\u{fe0f}\u{20e3}",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "✔\u{fe0f} ☎\u{fe0f}",
    "½ × ² ≠ ∞ → €",
    "🧑\u{200d}💻 🧑🏾\u{200d}🚀",
];

/// What is wrong with a text that is written to a terminal, if anything.
pub(crate) fn leak(text: &str) -> Option<String> {
    text.graphemes(true).find_map(|cluster| {
        let telling = |why: &str| Some(format!("{why}: {}", cluster.escape_unicode()));
        let plain = cluster.is_ascii();
        let count = cluster.chars().count();
        let marks = cluster
            .chars()
            .filter(|c| matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{20d0}'..='\u{20ff}'));
        if cluster.chars().any(char::is_control) {
            return telling("a control");
        }
        if !plain && cluster.chars().any(is_hidden) {
            return telling("something hidden");
        }
        if cluster.chars().all(is_joiner) {
            return telling("a joiner alone");
        }
        if count > 17 || marks.count() > 8 { telling("a pile") } else { None }
    })
}

/// What does honest work in emoji and in some scripts.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

fn is_hidden(c: char) -> bool {
    let code = u32::from(c);
    !is_joiner(c) && HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

/// Behind an escape: the cursor's shape as it was.
const SHAPE: &str = "[0 q";

/// What is wrong with the bytes that a program has written to a terminal: anything but text and the few sequences by
/// which a screen is drawn.
pub(crate) fn leak_in_bytes(written: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = written;
    while let Some(at) = rest.find('\x1b') {
        text.push_str(&rest[..at]);
        // What a sequence parts is not one cluster on the screen.
        text.push(' ');
        let behind = &rest[at + 1..];
        if let Some(behind) = behind.strip_prefix(SHAPE) {
            rest = behind;
            continue;
        }
        let Some(parameters) = behind.strip_prefix('[') else {
            return Some(format!("a sequence of another kind: {:?}", behind.chars().take(12).collect::<String>()));
        };
        let end = parameters.find(|c: char| !"0123456789;:?<>=".contains(c))?;
        let (parameters, last) = (&parameters[..end], parameters[end..].chars().next()?);
        let known = match last {
            'm' | 'H' | 'A' | 'B' | 'C' | 'D' | 'G' | 'J' | 'K' | 'X' | 'r' | 'S' | 'T' | 'L' | 'M' => {
                !parameters.starts_with('?')
            }
            'h' | 'l' if ["?25", "?1049", "?2004", "?2026", "?7"].contains(&parameters) => true,
            'l' => ["?1000", "?1002", "?1003", "?1004", "?1006", "?1015"].contains(&parameters),
            'u' => parameters.starts_with(['>', '<', '?', '=']),
            'c' => parameters.is_empty(),
            _ => false,
        };
        if !known {
            return Some(format!("an unknown sequence: {parameters}{last}"));
        }
        rest = &behind[1 + end + last.len_utf8()..];
    }
    text.push_str(rest);
    leak(&text.replace(['\r', '\n'], " "))
}
