use super::*;

#[test]
fn each_country_s_short_numbers() {
    for (region, emergency, services, others) in [
        ("DE", "110 112", "115 116117 116000 11833", "114 4711 22044 12345"),
        ("AT", "112 122 133 144", "1450 116123 120 118899", "145 4711"),
        ("CH", "112 117 118 144 1414", "143 147 1811 1818 116117", "200 5200 4711"),
        ("IL", "100 101 102 112", "103 104 106 1201 2407", "2408 31 4711"),
        ("US", "911 112", "211 311 411 611 811 988", "555 5555 24280"),
        ("CA", "911", "211 411 988", "555"),
        ("GB", "999 112", "101 105 111 119", "31 555 80808"),
        ("FR", "15 17 18 112 114", "3639 116006 118218", "31 20"),
        ("IT", "112 113 115 118", "1522 116117", "31 4711"),
        ("NL", "112", "1400 116123", "144 31"),
        ("PL", "112 997 998 999", "19115 116123 984", "31 4711"),
        ("ES", "112 085 088", "010 016 060 116111", "31 4711"),
        ("AU", "000 112", "", "31"),
    ] {
        let all = |list: &str, is: &dyn Fn(&str) -> bool| {
            let wrong: Vec<_> = list.split_whitespace().filter(|digits| !is(digits)).collect();
            assert!(wrong.is_empty(), "{region}: {wrong:?} of {list}");
        };
        all(emergency, &|digits| is_emergency(digits, Some(region)));
        all(services, &|digits| is_service(digits, Some(region)) && !is_emergency(digits, Some(region)));
        all(others, &|digits| !is_service(digits, Some(region)) && !is_emergency(digits, Some(region)));
    }
    assert!(is_emergency("112", None) && !is_emergency("110", None) && !is_service("116117", None));
}

#[test]
fn every_line_of_the_table_is_understood() {
    assert!(ROWS.len() > 230, "{}", ROWS.len());
    for row in ROWS.iter() {
        assert!(row.region.len() == 2 && !row.emergency.is_empty() | !row.services.is_empty(), "{}", row.region);
        for mask in row.emergency.iter().chain(&row.services).chain(&row.messages) {
            let digits: String = mask.replace('x', "5").split('[').fold(String::new(), |so_far, part| {
                so_far
                    + part
                        .split_once(']')
                        .map_or(part, |(class, rest)| if rest.is_empty() { &class[..1] } else { rest })
            });
            assert!(digits.bytes().all(|b| b.is_ascii_digit()), "{mask}");
        }
    }
}
