//! Exit codes: what a script can tell apart.

pub const DONE: u8 = 0;
/// Something else went wrong.
pub const FAILED: u8 = 1;
pub const USAGE: u8 = 2;
pub const REFUSED: u8 = 3;
pub const UNREACHABLE: u8 = 4;
pub const NOT_FOUND: u8 = 5;
pub const NO_CAPABILITY: u8 = 6;

/// The exit code of an error's code. What nobody named here is the service's refusal, which is what most are.
pub fn of(code: &str) -> u8 {
    match code {
        super::out::NOBODY_READS => DONE,
        "unreachable" | "offline" | "late" | "timed_out" | "timeout" | "tls" | "interrupted" | "server_trouble"
        | "server_error" | "rate_limited" | "bad_answer" | "html_page" | "not_json" | "stopped" | "redirected"
        | "no_such_address" | "unconfirmed" | "connecting" | "not_answering" | "proxy_sign_in" | "proxy_refused"
        | "proxy_unreachable" | "host_unknown" | "tls_issuer" | "tls_date" | "tls_name" => UNREACHABLE,
        "not_found" | "no_call" | "no_card" | "no_match" | "nobody" | "no_such_account" | "no_line" => NOT_FOUND,
        "unsupported"
        | "no_dialling_account"
        | "hang_up_own_only"
        | "hang_up_set_up_only"
        | "no_hang_up"
        | "numbers_only" => NO_CAPABILITY,
        "configuration" | "bad_request" | "bad_number" | "bad_account_name" | "bad_region" | "bad_time"
        | "account_exists" | "no_account" | "no_own_line" | "no_line_there" | "own_line" | "no_secret"
        | "not_understood" | "not_a_number" | "several_numbers" | "not_confirmed" | "several_accounts"
        | "disk_full" | "data_no_folder" => USAGE,
        "no_desktop" | "output_unwritable" | "number_job_unwritten" | "no_threads" | "tour_failed" | "panic" => FAILED,
        other
            if [
                "config_",
                "document_",
                "secret_",
                "key_store_",
                "number_",
                "link_",
                "import_",
                "store_",
                "emergency_",
                "no_region",
                "unknown_country",
            ]
            .iter()
            .any(|family| other.starts_with(family)) =>
        {
            USAGE
        }
        _ => REFUSED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_failure_has_its_own_code() {
        for (code, exit) in [
            ("config_broken", USAGE),
            ("config_missing", USAGE),
            ("data_no_folder", USAGE),
            ("key_store_locked", USAGE),
            ("number_has_letters", USAGE),
            ("link_scheme", USAGE),
            ("document_missing", USAGE),
            ("not_confirmed", USAGE),
            ("number_job_unwritten", FAILED),
            ("out_of_turn", REFUSED),
            ("unconfirmed", UNREACHABLE),
            ("proxy_sign_in", UNREACHABLE),
            ("host_unknown", UNREACHABLE),
            ("tls_issuer", UNREACHABLE),
            ("document_no_pdf", USAGE),
            ("number_not_public", USAGE),
            ("emergency_number_not_from_here", USAGE),
            ("in_use", REFUSED),
            ("sign_in_refused", REFUSED),
            ("forbidden", REFUSED),
            ("busy", REFUSED),
            ("unreachable", UNREACHABLE),
            ("timed_out", UNREACHABLE),
            ("no_such_address", UNREACHABLE),
            ("not_found", NOT_FOUND),
            ("unsupported", NO_CAPABILITY),
            ("store_newer", USAGE),
            ("disk_full", USAGE),
            ("not_answering", UNREACHABLE),
            ("output_unwritable", FAILED),
            ("nobody_reads", DONE),
            ("hang_up_own_only", NO_CAPABILITY),
        ] {
            assert_eq!(of(code), exit, "{code}");
        }
    }

    #[test]
    fn a_code_nobody_foresaw_is_still_a_failure() {
        assert_ne!(of("something_new"), DONE);
    }
}
