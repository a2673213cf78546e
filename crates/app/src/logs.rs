//! What may stand in a log, whatever level somebody asks for.

use tracing::{Level, Metadata};

/// Libraries trace what goes over the wire as it is: a line of a request with a token in it, a header, a frame with a
/// password. What this project logs is written so that it holds none; of everything else no more than `info` is kept.
pub fn may_be_kept(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO || is_ours(metadata.target())
}

fn is_ours(target: &str) -> bool {
    let root = target.split("::").next().unwrap_or_default();
    root == "ringside" || root.starts_with("ringside_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_librarys_name_is_not_ours_whatever_it_resembles() {
        for (target, ours) in [
            ("ringside", true),
            ("ringside::logging", true),
            ("ringside_transport::socketio", true),
            ("tungstenite::protocol", false),
            ("hyper_util::client::legacy", false),
            ("h2::codec::framed_read", false),
            ("ringsider::x", false),
            ("log", false),
            ("", false),
        ] {
            assert_eq!(is_ours(target), ours, "{target}");
        }
    }
}
