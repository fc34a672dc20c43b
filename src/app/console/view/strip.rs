//! Draws who we are: the strip at the top, and what is said where there are no credentials.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use url::Url;

use crate::app::console::App;
use crate::app::identity::access::{Access, Why};
use crate::app::identity::strip::{Piece, lay_out};
use crate::app::identity::who::{SigningIn, Urgency, role, time_left};
use crate::app::keys::{self, Command};
use crate::app::text::{clean, fit};
use crate::app::widget::page::Page;
use crate::identity::facts::{Source, Trouble};

use super::bars::two_ends;

/// Cells of a name that somebody else has chosen.
const NAME: usize = 24;

impl App {
    /// The identity strip: always there, always true. What is not known is not claimed.
    pub(super) fn draw_strip(&self, frame: &mut Frame, area: Rect) {
        let (left, right) = lay_out(self.identity_pieces(), self.going_pieces(), usize::from(area.width));
        two_ends(frame, area, left, right);
    }

    /// Who we are and where, and how long that is good for.
    fn identity_pieces(&self) -> Vec<Piece> {
        let (look, who) = (self.settings.look, &self.who);
        let tint = who.treatment.hue().map_or(look.text(), |hue| look.tint(hue));
        let safe = |text: &str| fit(clean(text).as_str(), NAME);
        let source = who.source();
        let name = if source == Source::Nothing { String::new() } else { safe(source.name()) };
        let role = who.caller.as_ref().map(|caller| safe(&role(caller).0)).unwrap_or_default();
        let protected = if who.treatment.protected { "PROTECTED" } else { "" };
        let access = if matches!(who.access, Access::ReadOnly(Why::Nobody)) { "" } else { who.access.letters() };
        let (standing, style, rank) = self.standing_words();
        vec![
            Piece::new(5, "ivschat", look.strong()),
            Piece::new(0, name, tint),
            Piece::new(3, self.account().unwrap_or_default(), look.text()),
            Piece::new(7, role, look.text()),
            Piece::new(2, safe(&self.settings.region), look.text()),
            Piece::new(0, access, if who.access.is_read_only() { look.strong() } else { look.text() }),
            Piece::new(1, protected, tint),
            Piece::new(6, self.endpoint_words(&source), look.busy()),
            Piece::new(rank, standing, style),
        ]
    }

    /// An endpoint that is not the region's own; the simulator's name says it already.
    fn endpoint_words(&self, source: &Source) -> String {
        let Some(endpoint) = self.settings.endpoint.as_ref().filter(|_| !matches!(source, Source::Fixed(_))) else {
            return String::new();
        };
        let host = Url::parse(endpoint).ok().and_then(|url| Some(url.host_str()?.to_owned()));
        format!("at {}", fit(clean(host.as_deref().unwrap_or(endpoint)).as_str(), NAME))
    }

    /// How the credentials stand: the time that is left, or what is wrong.
    fn standing_words(&self) -> (String, Style, u8) {
        let look = self.settings.look;
        if let Some(trouble) = self.who.trouble() {
            return (brief(trouble).to_owned(), look.bad(), 1);
        }
        let Some(until) = self.who.until() else { return (String::new(), look.text(), 8) };
        let (words, urgency) = time_left(until, self.now);
        match urgency {
            Urgency::Calm => (words, look.quiet(), 8),
            Urgency::Soon => (words, look.busy(), 1),
            Urgency::Now => (words, look.bad(), 1),
        }
    }

    /// What goes on, and how late it is.
    fn going_pieces(&self) -> Vec<Piece> {
        let look = self.settings.look;
        let counted = |count: usize, words: &str| if count > 0 { format!("{count} {words}") } else { String::new() };
        vec![
            // What may delete by itself comes before everything.
            Piece::new(0, self.armed_words(), look.bad()),
            Piece::new(4, counted(self.queue.waiting(), "to send"), look.busy()),
            Piece::new(9, counted(self.sending, "sending"), look.busy()),
            Piece::new(9, counted(self.live_count(), "live"), look.good()),
            Piece::new(10, self.clock(), look.text()),
        ]
    }

    /// The rooms in which rules may delete: this is never out of sight.
    fn armed_words(&self) -> String {
        let armed: Vec<&str> = self.armed().collect();
        match armed.as_slice() {
            [] => String::new(),
            [one] => format!("ARMED {}", fit(one, 16)),
            many => format!("ARMED {} rooms", many.len()),
        }
    }

    /// What is said in the status line while there are no credentials, or while somebody signs in out of sight.
    pub(super) fn identity_banner(&self) -> Option<Span<'static>> {
        let look = self.settings.look;
        let key = keys::key_of(Command::SignIn).map(|key| key.to_string()).unwrap_or_default();
        match (&self.who.signing_in, self.who.trouble()) {
            (SigningIn::No, None) => None,
            (SigningIn::No, Some(trouble)) => {
                Some(Span::styled(format!(" {}: {key} {}  ", brief(trouble), helps(trouble)), look.bad()))
            }
            (SigningIn::Asking | SigningIn::Waiting(_), _) => {
                Some(Span::styled(format!(" signing in: {key} shows where  "), look.busy()))
            }
        }
    }

    /// The key that helps first, for the hint line.
    pub(super) fn identity_hint(&self) -> Option<(String, &'static str)> {
        let key = keys::key_of(Command::SignIn)?.to_string();
        self.who.trouble().map(|trouble| (key, if signs_in(trouble) { "sign in" } else { "why" }))
    }

    /// What a pane says that has nothing to show for want of credentials; false if that is not why.
    pub(in crate::app::console) fn identity_page(&self, page: &mut Page, at_length: bool) -> bool {
        let look = self.settings.look;
        let Some(trouble) = self.who.trouble() else { return false };
        page.styled(clean(&trouble.headline()).as_str(), look.bad());
        if at_length {
            for why in trouble.why() {
                page.item(clean(&why).as_str());
            }
            page.blank();
            page.text(clean(&format!("{}.", trouble.remedy())).as_str());
            if let Some(command) = trouble.command() {
                page.code(&format!("  {}", clean(&command).as_str()));
            }
        }
        page.blank();
        for (key, does) in ways(trouble) {
            page.text(&format!("{key} {does}"));
        }
        true
    }
}

/// A trouble in two words.
fn brief(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::SignedOut { .. } | Trouble::NotSignedIn { .. } => "SIGNED OUT",
        Trouble::LoginNeeded { .. } => "LOGGED OUT",
        Trouble::CodeWanted(_) | Trouble::CodeRefused { .. } => "MFA CODE WANTED",
        Trouble::Expired { .. } => "EXPIRED",
        Trouble::NoRegion | Trouble::UnknownRegion { .. } => "NO REGION",
        Trouble::UnknownProfile { .. } => "NO SUCH PROFILE",
        Trouble::NothingFound { .. }
        | Trouble::Process { .. }
        | Trouble::HalfProfile { .. }
        | Trouble::BrokenProfile { .. }
        | Trouble::BrokenFile(_)
        | Trouble::Loop { .. }
        | Trouble::Denied { .. }
        | Trouble::Unreachable { .. }
        | Trouble::UnknownKey
        | Trouble::Other(_) => "NO CREDENTIALS",
    }
}

/// Whether somebody can sign in from here.
fn signs_in(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::SignedOut { .. } | Trouble::NotSignedIn { .. } | Trouble::CodeWanted(_) | Trouble::CodeRefused { .. }
    )
}

fn helps(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::CodeWanted(_) | Trouble::CodeRefused { .. } => "asks for it",
        trouble if signs_in(trouble) => "signs in",
        _ => "tells why",
    }
}

/// The keys and commands that help, the best first.
fn ways(trouble: &Trouble) -> Vec<(String, &'static str)> {
    let key = |command, usual: &str| keys::key_of(command).map_or(usual.to_owned(), |key| key.to_string());
    let sign_in = key(Command::SignIn, ":sign-in");
    let first = match trouble {
        Trouble::CodeWanted(_) | Trouble::CodeRefused { .. } => Some((sign_in, "asks for the code")),
        Trouble::NoRegion | Trouble::UnknownRegion { .. } => Some((":region".to_owned(), "picks a region")),
        trouble if signs_in(trouble) => Some((sign_in, "signs in here, by any browser")),
        _ => None,
    };
    let rest = [(":profile".to_owned(), "picks another profile"), (key(Command::Refresh, ":refresh"), "tries again")];
    first.into_iter().chain(rest).collect()
}
