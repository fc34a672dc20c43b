//! A screen of the console as an SVG, for the README.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::harness::Console;

/// Pixels of a cell.
const CELL: (f32, f32) = (8.4, 18.0);
/// Pixels around the screen.
const MARGIN: f32 = 12.0;
const GROUND: &str = "#1d1f21";
const INK: &str = "#c5c8c6";

/// The picture: a busy room, paused on a message, after two deletions.
pub(crate) fn picture() -> String {
    let console =
        Console::sized(110, 28).keys("/lobby<enter><enter>").wait(24_000).keys("kkkkkkd").wait(400).keys("kkkkd");
    draw(&console.wait(3_000).buffer())
}

fn draw(buffer: &Buffer) -> String {
    let (columns, rows) = (f32::from(buffer.area.width), f32::from(buffer.area.height));
    let (width, height) = (columns * CELL.0 + 2.0 * MARGIN, rows * CELL.1 + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{GROUND}\"/>\n"
    );
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            x += run(&mut svg, buffer, x, y);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Draws the cells from `x` on that look alike; returns how many they are.
fn run(svg: &mut String, buffer: &Buffer, x: u16, y: u16) -> u16 {
    let first = &buffer[(x, y)];
    let look = |cell: &Cell| (cell.fg, cell.bg, cell.modifier);
    let mut text = String::new();
    let mut length = 0;
    while x + length < buffer.area.width {
        let cell = &buffer[(x + length, y)];
        let wide = u16::try_from(ivschat::app::text::width(cell.symbol()).max(1)).unwrap();
        // Words and wide characters stand alone, so that fonts of other widths push nothing out of its column.
        let new_word = text.ends_with(' ') && cell.symbol() != " ";
        if look(cell) != look(first) || (length > 0 && (wide > 1 || new_word)) {
            break;
        }
        text.push_str(cell.symbol());
        length += wide;
        if wide > 1 {
            break;
        }
    }
    let reversed = first.modifier.contains(Modifier::REVERSED);
    let ink = if reversed { GROUND } else { colour(first.fg) };
    let (px, py) = (MARGIN + f32::from(x) * CELL.0, MARGIN + f32::from(y) * CELL.1);
    let wide = f32::from(length) * CELL.0;
    if reversed {
        let fill = colour(first.fg);
        let _ = writeln!(svg, "<rect x=\"{px:.1}\" y=\"{py:.1}\" width=\"{wide:.1}\" height=\"18\" fill=\"{fill}\"/>");
    }
    if !text.trim().is_empty() {
        let weight = if first.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
        let dim = if first.modifier.contains(Modifier::DIM) { " opacity=\"0.55\"" } else { "" };
        let (base, text) = (py + 13.5, escape(&text));
        let _ = writeln!(
            svg,
            "<text x=\"{px:.1}\" y=\"{base:.1}\" textLength=\"{wide:.1}\" fill=\"{ink}\" \
             xml:space=\"preserve\"{weight}{dim}>{text}</text>"
        );
    }
    length
}

fn colour(colour: Color) -> &'static str {
    match colour {
        Color::Red => "#cc6666",
        Color::Green => "#8abf5c",
        Color::Yellow => "#d8a657",
        Color::Magenta => "#b294bb",
        Color::Cyan => "#5fb3b3",
        _ => INK,
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
