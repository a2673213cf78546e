use miniz_oxide::deflate::compress_to_vec_zlib;
use proptest::prelude::*;

use super::*;

const MOST: usize = 1 << 20;

/// A file of these objects, with a table and a trailer.
fn classic(objects: &[&str], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (n, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
    }
    let at = file.len();
    file.extend(table.bytes());
    file.extend(format!("trailer\n<< /Size 4 /Root 1 0 R {trailer} >>\nstartxref\n{at}\n%%EOF\n").bytes());
    file
}

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const TREE: &str = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>";

fn good() -> Vec<u8> {
    classic(&[CATALOG, TREE, PAGE], "")
}

/// A file whose objects are compressed, as most programs write them today.
fn packed(objects: &str, filter: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let data = compress_to_vec_zlib(objects.as_bytes(), 6);
    file.extend(format!("5 0 obj\n<< /Type /ObjStm /N 3 {filter} /Length {} >>\nstream\r\n", data.len()).bytes());
    file.extend(data);
    file.extend(b"\r\nendstream\nendobj\n");
    let at = file.len();
    file.extend(b"6 0 obj\n<< /Type /XRef /Root 1 0 R /W [1 2 1] >>\nstream\n\0\x01\x02\nendstream\nendobj\n");
    file.extend(format!("startxref\n{at}\n%%EOF").bytes());
    file
}

#[test]
fn what_people_can_look_at_is_taken() {
    assert_eq!(examine(&good(), MOST), Ok(()));
    let objects = format!("1 0 2 40 3 90 {CATALOG} {TREE} {PAGE}");
    assert_eq!(examine(&packed(&objects, "/Filter /FlateDecode"), MOST), Ok(()));
    // Seldom and allowed: nobody here can look into it.
    assert_eq!(examine(&packed(&objects, "/Filter [/ASCII85Decode /LZWDecode]"), MOST), Ok(()));
    // A picture in between, whose bytes look like the end of everything.
    let picture = "<< /Subtype /Image /Length 30 >>\nstream\n%%EOF startxref 7 >> \nendstream";
    assert_eq!(examine(&classic(&[CATALOG, TREE, picture, PAGE], ""), MOST), Ok(()));
    // Changed afterwards: what was added has a table and an end of its own.
    let mut changed = good();
    changed.extend(format!("3 0 obj\n{PAGE}\nendobj\n").bytes());
    let at = changed.len();
    changed.extend(format!("xref\n0 0\ntrailer\n<< /Prev 9 >>\nstartxref\n{at}\n%%EOF\n").bytes());
    assert_eq!(examine(&changed, MOST), Ok(()));
}

#[test]
fn what_is_shifted_preceded_or_followed_by_something_is_taken_as_readers_take_it() {
    let text = |file: Vec<u8>| String::from_utf8(file.into_iter().filter(u8::is_ascii).collect()).unwrap();
    let objects = format!("1 0 2 40 3 90 {CATALOG} {TREE} {PAGE}");
    let flat = packed(&objects, "/Filter /FlateDecode");
    let behind = |file: &[u8], junk: &[u8]| [file, junk].concat();
    let before = |file: &[u8], junk: &[u8]| [junk, file].concat();
    let far = |file: &str| file.replace("startxref\n", "startxref\n9").into_bytes();
    for (what, file) in [
        ("line ends changed on the way", text(good()).replace('\n', "\r\n").into_bytes()),
        ("an end that leads too far", far(&text(good()))),
        ("an end that leads to zero", text(good()).replace("startxref\n", "startxref\n0 ").into_bytes()),
        ("a printer's header", before(&good(), b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n")),
        ("a byte order mark", before(&good(), b"\xef\xbb\xbf")),
        ("a head of HTTP", before(&flat, &[b"HTTP/1.1 200 OK\r\n".as_slice(), &[b'x'; 900]].concat())),
        ("blank lines behind the end", behind(&good(), &[b'\n'; 5_000])),
        ("a web page's end behind it", behind(&flat, b"</body></html>\n")),
        ("zeros behind the end", behind(&flat, &[0; 9_000])),
        ("a table as a stream, shifted", before(&behind(&flat, b"\n"), b"junk before it\n")),
    ] {
        assert_eq!(examine(&file, MOST), Ok(()), "{what}");
    }
    // What is protected is so wherever it was shifted to.
    let locked = text(classic(&[CATALOG, TREE, PAGE], "/Encrypt 4 0 R"));
    for file in [far(&locked), locked.replace('\n', "\r\n").into_bytes()] {
        assert_eq!(examine(&file, MOST), Err(Unfit::Encrypted));
    }
    assert_eq!(examine(&before(&good(), &[b' '; 1_100]), MOST), Err(Unfit::NotPdf), "readers look no further");
}

#[test]
fn a_change_that_breaks_off_is_found_out() {
    let mut changed = good();
    let whole = changed.len();
    changed.extend(format!("3 0 obj\n{PAGE}\nendobj\nxref\n0 0\ntrailer\n<< /Prev 9 >>\nstartxr").bytes());
    for length in whole + 8..changed.len() {
        assert_eq!(examine(&changed[..length], MOST), Err(Unfit::Truncated), "{length}");
    }
}

#[test]
fn pictures_and_other_files_are_called_by_their_name() {
    for (bytes, words) in [
        (b"\xff\xd8\xff\xe0\0\x10JFIF".as_slice(), "a JPEG picture"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"PK\x03\x04word/", "office document"),
        (b"\0\0\0\x18ftypheic", "mobile phone"),
        (b"<!DOCTYPE html>", "a web page"),
        (b"hello", "not a PDF"),
        (b"", "is empty"),
        (b"PK\x03\x04proof.pdf%PDF-1.4", "a ZIP archive"),
        (b"\n<html>", "a web page"),
    ] {
        let error = examine(bytes, MOST).unwrap_err().to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[test]
fn a_file_that_breaks_off_anywhere_is_found_out() {
    let whole = good();
    for length in 9..whole.len() - 1 {
        let error = examine(&whole[..length], MOST).unwrap_err();
        assert!(matches!(error, Unfit::Truncated | Unfit::Damaged), "{length}: {error:?}");
    }
}

#[test]
fn protected_pageless_damaged_and_large_files_are_found_out() {
    assert_eq!(examine(&classic(&[CATALOG, TREE, PAGE], "/Encrypt 4 0 R"), MOST), Err(Unfit::Encrypted));
    assert_eq!(examine(&classic(&[CATALOG, "<< /Type /Pages /Count 0 >>"], ""), MOST), Err(Unfit::NoPage));
    let none = packed("1 0 << /Type /Catalog >>", "/Filter /FlateDecode");
    assert_eq!(examine(&none, MOST), Err(Unfit::NoPage));
    let mut broken = packed(PAGE, "/Filter /FlateDecode");
    let data = memmem::find(&broken, b"stream\r\n").unwrap() + 8;
    broken[data..data + 6].fill(0xff);
    assert_eq!(examine(&broken, MOST), Err(Unfit::Damaged));
    let rootless = String::from_utf8_lossy(&good()).replace("startxref\n", "startxref\n9").replace("/Root", "/Rot");
    assert_eq!(examine(rootless.as_bytes(), MOST), Err(Unfit::Damaged), "no reader finds its way");
    let large = examine(&good(), 2);
    assert_eq!(large, Err(Unfit::TooLarge { most: 2 }));
    assert!(Unfit::TooLarge { most: 10 << 20 }.to_string().contains("10 MB"));
}

#[test]
fn a_bomb_unfolds_to_its_limit_and_no_further() {
    let bomb = packed(&" ".repeat(MOST_UNFOLDED + 1000), "/Filter /FlateDecode");
    assert!(bomb.len() < MOST);
    assert_eq!(examine(&bomb, MOST), Err(Unfit::NoPage));
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..400), cut in 0_usize..500) {
        let _ = examine(&bytes, MOST);
        let mut file = good();
        let at = cut.min(file.len());
        file.splice(at..at, bytes.iter().copied());
        let _ = examine(&file, MOST);
        let mut file = packed(PAGE, "/Filter /FlateDecode");
        let at = cut.min(file.len());
        file.splice(at..at, bytes.iter().copied());
        let _ = examine(&file, MOST);
    }
}
