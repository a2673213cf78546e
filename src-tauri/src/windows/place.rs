//! Where the pop-up window goes: on the display with the pointer, where it was put there last.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Rect {
    fn holds(self, (x, y): (i32, i32)) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }

    /// How many pixels two have in common.
    fn common(self, other: Self) -> i64 {
        let along = |a: i32, a_length: i32, b: i32, b_length: i32| {
            i64::from(((a + a_length).min(b + b_length) - a.max(b)).max(0))
        };
        along(self.x, self.width, other.x, other.width) * along(self.y, self.height, other.y, other.height)
    }
}

/// A display, without the panels on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Display {
    pub name: String,
    pub whole: Rect,
    pub free: Rect,
}

/// Distance from the display's upper right corner, where cards grow down and to the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Put {
    right: i32,
    top: i32,
}

/// Where the window was put, by display.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    displays: BTreeMap<String, Put>,
}

const MARGIN: i32 = 16;

/// The display with the pointer, else the first.
pub fn display_at(displays: &[Display], pointer: Option<(i32, i32)>) -> Option<&Display> {
    let under = pointer.and_then(|at| displays.iter().find(|display| display.whole.holds(at)));
    under.or(displays.first())
}

impl Remembered {
    /// The window's upper left corner, wholly on the display whatever was remembered, and in another of its corners
    /// where it would lie over `clear` in its own place.
    pub fn corner(&self, display: &Display, (width, height): (i32, i32), clear: Option<Rect>) -> (i32, i32) {
        let put = self.displays.get(&display.name).copied().unwrap_or(Put { right: MARGIN, top: MARGIN });
        let free = display.free;
        let within = |right: i32, top: i32| {
            let (x, y) = (free.x + free.width - right - width, free.y + top);
            let most = |from: i32, length: i32, own: i32| from.max(from + length - own);
            (x.clamp(free.x, most(free.x, free.width, width)), y.clamp(free.y, most(free.y, free.height, height)))
        };
        let own = within(put.right, put.top);
        let Some(clear) = clear else { return own };
        let (left, bottom) = (free.width - width - MARGIN, free.height - height - MARGIN);
        let corners = [(MARGIN, MARGIN), (MARGIN, bottom), (left, bottom), (left, MARGIN)];
        let places = std::iter::once(own).chain(corners.map(|(right, top)| within(right, top)));
        let over = |(x, y): &(i32, i32)| Rect { x: *x, y: *y, width, height }.common(clear);
        places.min_by_key(over).unwrap_or(own)
    }

    /// `true` if that is new.
    pub fn put(&mut self, display: &Display, (x, y): (i32, i32), width: i32) -> bool {
        let put = Put { right: display.free.x + display.free.width - x - width, top: y - display.free.y };
        self.displays.insert(display.name.clone(), put) != Some(put)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn display(name: &str, x: i32, width: i32) -> Display {
        let whole = Rect { x, y: 0, width, height: 1080 };
        Display { name: name.to_owned(), whole, free: Rect { y: 30, height: 1050, ..whole } }
    }

    #[test]
    fn it_comes_up_where_the_pointer_is() {
        let displays = [display("left", 0, 1920), display("right", 1920, 1280)];
        assert_eq!(display_at(&displays, Some((2000, 10))).map(|it| it.name.as_str()), Some("right"));
        assert_eq!(display_at(&displays, Some((-5, 10))).map(|it| it.name.as_str()), Some("left"));
        assert_eq!(display_at(&displays, None).map(|it| it.name.as_str()), Some("left"));
        assert_eq!(display_at(&[], None), None);
    }

    #[test]
    fn it_begins_in_the_upper_right_corner_below_the_panel() {
        assert_eq!(Remembered::default().corner(&display("right", 1920, 1280), (360, 200), None), (2824, 46));
    }

    #[test]
    fn each_display_remembers_its_own_place() {
        let (left, right) = (display("left", 0, 1920), display("right", 1920, 1280));
        let mut remembered = Remembered::default();
        assert!(remembered.put(&left, (100, 300), 360));
        assert!(!remembered.put(&left, (100, 300), 360));
        assert_eq!(remembered.corner(&left, (360, 200), None), (100, 300));
        assert_eq!(remembered.corner(&right, (360, 200), None), (2824, 46));
        // A wider card keeps its right edge.
        assert_eq!(remembered.corner(&left, (400, 200), None), (60, 300));
    }

    #[test]
    fn a_smaller_display_still_shows_all_of_it() {
        let mut remembered = Remembered::default();
        remembered.put(&display("one", 0, 3840), (10, 1000), 360);
        let small = display("one", 0, 800);
        assert_eq!(remembered.corner(&small, (360, 200), None), (0, 880));
        assert_eq!(remembered.corner(&small, (2000, 2000), None), (0, 30));
    }

    #[test]
    fn it_leaves_its_place_to_the_palette_and_to_nothing_else() {
        let display = display("one", 0, 1280);
        let (card, own) = ((400, 260), (864, 46));
        let rect = |x, y, width, height| Rect { x, y, width, height };
        let corner = |clear| Remembered::default().corner(&display, card, clear);
        assert_eq!(corner(Some(rect(351, 400, 580, 300))), own, "it does not lie there");
        assert_eq!(corner(Some(rect(351, 126, 580, 300))), (864, 804), "the corner below");
        assert_eq!(corner(Some(rect(351, 126, 900, 900))), (16, 46), "the corner with the least of it");
    }
}
