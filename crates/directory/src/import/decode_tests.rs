//! Texts as the pages of many countries have them. The bytes are Python's of the same text.

use super::*;

fn decoded(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&utf8(bytes.to_vec()).0).into_owned()
}

/// A text, and how the pages have it.
type Case<'a> = (&'a str, &'a [(&'a str, &'a [u8])]);

#[test]
fn every_code_page_is_told_by_its_words() {
    let texts: [Case<'_>; 37] = [
        (
            "Name,Phone\nO’Brien,0221 66966961\nAnna’s Bistro,0221 66966962\nMüller,0221 66966963\n",
            &[
                ("cp1252", b"Name,Phone\nO\x92Brien,0221 66966961\nAnna\x92s Bistro,0221 66966962\nM\xfcller,0221 66966963\n"),
            ],
        ),
        (
            "Name,Phone\nO’Brien,0221 66966961\n",
            &[
                ("cp1252", b"Name,Phone\nO\x92Brien,0221 66966961\n"),
            ],
        ),
        (
            "Name,Phone\nAnna’s Bistro,0221 66966961\nJohn’s Café,0221 66966962\n",
            &[
                ("cp1252", b"Name,Phone\nAnna\x92s Bistro,0221 66966961\nJohn\x92s Caf\xe9,0221 66966962\n"),
            ],
        ),
        (
            "Name,Phone\nHôtel „Zum Löwen“,0221 66966961\n",
            &[
                ("cp1252", b"Name,Phone\nH\xf4tel \x84Zum L\xf6wen\x93,0221 66966961\n"),
            ],
        ),
        (
            "Name,Phone\nHotel „Zum Hirsch“,0221 66966961\nBar “Blue”,0221 66966962\n",
            &[
                ("cp1252", b"Name,Phone\nHotel \x84Zum Hirsch\x93,0221 66966961\nBar \x93Blue\x94,0221 66966962\n"),
                ("cp1250", b"Name,Phone\nHotel \x84Zum Hirsch\x93,0221 66966961\nBar \x93Blue\x94,0221 66966962\n"),
            ],
        ),
        (
            "Name,Phone\nD’Angelo,0221 66966961\nKöln–Bonn,0221 66966962\n",
            &[
                ("cp1252", b"Name,Phone\nD\x92Angelo,0221 66966961\nK\xf6ln\x96Bonn,0221 66966962\n"),
                ("cp1250", b"Name,Phone\nD\x92Angelo,0221 66966961\nK\xf6ln\x96Bonn,0221 66966962\n"),
            ],
        ),
        (
            "Name;Telefon\nJörg Müller;0221 66966966\nGroß;0221 66966967\n",
            &[
                ("cp1252", b"Name;Telefon\nJ\xf6rg M\xfcller;0221 66966966\nGro\xdf;0221 66966967\n"),
                ("cp1250", b"Name;Telefon\nJ\xf6rg M\xfcller;0221 66966966\nGro\xdf;0221 66966967\n"),
                ("cp1254", b"Name;Telefon\nJ\xf6rg M\xfcller;0221 66966966\nGro\xdf;0221 66966967\n"),
                ("cp850", b"Name;Telefon\nJ\x94rg M\x81ller;0221 66966966\nGro\xe1;0221 66966967\n"),
                ("cp852", b"Name;Telefon\nJ\x94rg M\x81ller;0221 66966966\nGro\xe1;0221 66966967\n"),
                ("mac_roman", b"Name;Telefon\nJ\x9arg M\x9fller;0221 66966966\nGro\xa7;0221 66966967\n"),
            ],
        ),
        (
            "Name;Telefon\nMüller;0221 66966966\n",
            &[
                ("cp1252", b"Name;Telefon\nM\xfcller;0221 66966966\n"),
                ("cp850", b"Name;Telefon\nM\x81ller;0221 66966966\n"),
                ("mac_roman", b"Name;Telefon\nM\x9fller;0221 66966966\n"),
            ],
        ),
        (
            "Nom;Téléphone\nHélène Lefèvre;0221 66966966\nFrançois;0221 66966967\nJérôme;0221 66966968\n",
            &[
                ("cp1252", b"Nom;T\xe9l\xe9phone\nH\xe9l\xe8ne Lef\xe8vre;0221 66966966\nFran\xe7ois;0221 66966967\nJ\xe9r\xf4me;0221 66966968\n"),
                ("cp850", b"Nom;T\x82l\x82phone\nH\x82l\x8ane Lef\x8avre;0221 66966966\nFran\x87ois;0221 66966967\nJ\x82r\x93me;0221 66966968\n"),
                ("mac_roman", b"Nom;T\x8el\x8ephone\nH\x8el\x8fne Lef\x8fvre;0221 66966966\nFran\x8dois;0221 66966967\nJ\x8er\x99me;0221 66966968\n"),
            ],
        ),
        (
            "Nombre;Teléfono\nJosé García;0221 66966966\nMaría Muñoz;0221 66966967\nInés Díaz;0221 66966968\nLópez;0221 66966969\n",
            &[
                ("cp1252", b"Nombre;Tel\xe9fono\nJos\xe9 Garc\xeda;0221 66966966\nMar\xeda Mu\xf1oz;0221 66966967\nIn\xe9s D\xedaz;0221 66966968\nL\xf3pez;0221 66966969\n"),
                ("cp850", b"Nombre;Tel\x82fono\nJos\x82 Garc\xa1a;0221 66966966\nMar\xa1a Mu\xa4oz;0221 66966967\nIn\x82s D\xa1az;0221 66966968\nL\xa2pez;0221 66966969\n"),
                ("mac_roman", b"Nombre;Tel\x8efono\nJos\x8e Garc\x92a;0221 66966966\nMar\x92a Mu\x96oz;0221 66966967\nIn\x8es D\x92az;0221 66966968\nL\x97pez;0221 66966969\n"),
            ],
        ),
        (
            "Name;Telefon\nGarcía;0221 66966966\n",
            &[
                ("cp1252", b"Name;Telefon\nGarc\xeda;0221 66966966\n"),
                ("mac_roman", b"Name;Telefon\nGarc\x92a;0221 66966966\n"),
            ],
        ),
        (
            "Name,Phone\nO’Brien,0221 66966961\nAnna’s Café,0221 66966962\nHôtel „Zum Löwen“,0221 66966963\n",
            &[
                ("cp1252", b"Name,Phone\nO\x92Brien,0221 66966961\nAnna\x92s Caf\xe9,0221 66966962\nH\xf4tel \x84Zum L\xf6wen\x93,0221 66966963\n"),
                ("mac_roman", b"Name,Phone\nO\xd5Brien,0221 66966961\nAnna\xd5s Caf\x8e,0221 66966962\nH\x99tel \xe3Zum L\x9awen\xd2,0221 66966963\n"),
            ],
        ),
        (
            "Imię;Nazwisko;Telefon\nŁukasz;Świątek;0221 66966966\nMałgorzata;Wójcik;0221 66966967\n",
            &[
                ("cp1250", b"Imi\xea;Nazwisko;Telefon\n\xa3ukasz;\x8cwi\xb9tek;0221 66966966\nMa\xb3gorzata;W\xf3jcik;0221 66966967\n"),
                ("cp852", b"Imi\xa9;Nazwisko;Telefon\n\x9dukasz;\x97wi\xa5tek;0221 66966966\nMa\x88gorzata;W\xa2jcik;0221 66966967\n"),
                ("iso8859_2", b"Imi\xea;Nazwisko;Telefon\n\xa3ukasz;\xa6wi\xb1tek;0221 66966966\nMa\xb3gorzata;W\xf3jcik;0221 66966967\n"),
            ],
        ),
        (
            "Jméno;Příjmení;Telefon\nJiří;Dvořák;0221 66966966\nŠtěpánka;Němcová;0221 66966967\n",
            &[
                ("cp1250", b"Jm\xe9no;P\xf8\xedjmen\xed;Telefon\nJi\xf8\xed;Dvo\xf8\xe1k;0221 66966966\n\x8at\xecp\xe1nka;N\xecmcov\xe1;0221 66966967\n"),
                ("cp852", b"Jm\x82no;P\xfd\xa1jmen\xa1;Telefon\nJi\xfd\xa1;Dvo\xfd\xa0k;0221 66966966\n\xe6t\xd8p\xa0nka;N\xd8mcov\xa0;0221 66966967\n"),
                ("iso8859_2", b"Jm\xe9no;P\xf8\xedjmen\xed;Telefon\nJi\xf8\xed;Dvo\xf8\xe1k;0221 66966966\n\xa9t\xecp\xe1nka;N\xecmcov\xe1;0221 66966967\n"),
            ],
        ),
        (
            "Vezetéknév;Keresztnév;Telefon\nNagy;László;0221 66966966\nKőrösi;Ernő;0221 66966967\nSzűcs;;0221 66966968\n",
            &[
                ("cp1250", b"Vezet\xe9kn\xe9v;Keresztn\xe9v;Telefon\nNagy;L\xe1szl\xf3;0221 66966966\nK\xf5r\xf6si;Ern\xf5;0221 66966967\nSz\xfbcs;;0221 66966968\n"),
                ("cp852", b"Vezet\x82kn\x82v;Keresztn\x82v;Telefon\nNagy;L\xa0szl\xa2;0221 66966966\nK\x8br\x94si;Ern\x8b;0221 66966967\nSz\xfbcs;;0221 66966968\n"),
            ],
        ),
        (
            "Ad;Soyad;Telefon\nÇağrı;Yıldız;0221 66966966\nŞule;Gümüş;0221 66966967\n",
            &[
                ("cp1254", b"Ad;Soyad;Telefon\n\xc7a\xf0r\xfd;Y\xfdld\xfdz;0221 66966966\n\xdeule;G\xfcm\xfc\xfe;0221 66966967\n"),
            ],
        ),
        (
            "Vardas;Pavardė;Įmonė;Telefonas\nJonas;Žukauskas;Šviesa;0221 66966966\nRūta;Kęstutytė;;0221 66966967\n",
            &[
                ("cp1257", b"Vardas;Pavard\xeb;\xc1mon\xeb;Telefonas\nJonas;\xdeukauskas;\xd0viesa;0221 66966966\nR\xfbta;K\xe6stutyt\xeb;;0221 66966967\n"),
            ],
        ),
        (
            "Vārds;Uzvārds;Tālrunis\nJānis;Bērziņš;0221 66966966\nĒrika;Kļaviņa;0221 66966967\n",
            &[
                ("cp1257", b"V\xe2rds;Uzv\xe2rds;T\xe2lrunis\nJ\xe2nis;B\xe7rzi\xf2\xf0;0221 66966966\n\xc7rika;K\xefavi\xf2a;0221 66966967\n"),
            ],
        ),
        (
            "Όνομα;Εταιρεία;Τηλέφωνο\nΓιώργος Παπαδόπουλος;Ελληνική;0221 66966966\nΜαρία Νικολάου;;0221 66966967\n",
            &[
                ("cp1253", b"\xbc\xed\xef\xec\xe1;\xc5\xf4\xe1\xe9\xf1\xe5\xdf\xe1;\xd4\xe7\xeb\xdd\xf6\xf9\xed\xef\n\xc3\xe9\xfe\xf1\xe3\xef\xf2 \xd0\xe1\xf0\xe1\xe4\xfc\xf0\xef\xf5\xeb\xef\xf2;\xc5\xeb\xeb\xe7\xed\xe9\xea\xde;0221 66966966\n\xcc\xe1\xf1\xdf\xe1 \xcd\xe9\xea\xef\xeb\xdc\xef\xf5;;0221 66966967\n"),
            ],
        ),
        (
            "Name;Telefon\nΓιώργος;0221 66966966\n",
            &[
                ("cp1253", b"Name;Telefon\n\xc3\xe9\xfe\xf1\xe3\xef\xf2;0221 66966966\n"),
            ],
        ),
        (
            "Имя;Фамилия;Телефон\nИван;Петров;0221 66966966\nОльга;Смирнова;0221 66966967\n",
            &[
                ("cp1251", b"\xc8\xec\xff;\xd4\xe0\xec\xe8\xeb\xe8\xff;\xd2\xe5\xeb\xe5\xf4\xee\xed\n\xc8\xe2\xe0\xed;\xcf\xe5\xf2\xf0\xee\xe2;0221 66966966\n\xce\xeb\xfc\xe3\xe0;\xd1\xec\xe8\xf0\xed\xee\xe2\xe0;0221 66966967\n"),
                ("koi8_r", b"\xe9\xcd\xd1;\xe6\xc1\xcd\xc9\xcc\xc9\xd1;\xf4\xc5\xcc\xc5\xc6\xcf\xce\n\xe9\xd7\xc1\xce;\xf0\xc5\xd4\xd2\xcf\xd7;0221 66966966\n\xef\xcc\xd8\xc7\xc1;\xf3\xcd\xc9\xd2\xce\xcf\xd7\xc1;0221 66966967\n"),
                ("cp866", b"\x88\xac\xef;\x94\xa0\xac\xa8\xab\xa8\xef;\x92\xa5\xab\xa5\xe4\xae\xad\n\x88\xa2\xa0\xad;\x8f\xa5\xe2\xe0\xae\xa2;0221 66966966\n\x8e\xab\xec\xa3\xa0;\x91\xac\xa8\xe0\xad\xae\xa2\xa0;0221 66966967\n"),
                ("iso8859_5", b"\xb8\xdc\xef;\xc4\xd0\xdc\xd8\xdb\xd8\xef;\xc2\xd5\xdb\xd5\xe4\xde\xdd\n\xb8\xd2\xd0\xdd;\xbf\xd5\xe2\xe0\xde\xd2;0221 66966966\n\xbe\xdb\xec\xd3\xd0;\xc1\xdc\xd8\xe0\xdd\xde\xd2\xd0;0221 66966967\n"),
            ],
        ),
        (
            "Name;Telefon\nИван Петров;0221 66966966\n",
            &[
                ("cp1251", b"Name;Telefon\n\xc8\xe2\xe0\xed \xcf\xe5\xf2\xf0\xee\xe2;0221 66966966\n"),
                ("koi8_r", b"Name;Telefon\n\xe9\xd7\xc1\xce \xf0\xc5\xd4\xd2\xcf\xd7;0221 66966966\n"),
                ("cp866", b"Name;Telefon\n\x88\xa2\xa0\xad \x8f\xa5\xe2\xe0\xae\xa2;0221 66966966\n"),
            ],
        ),
        (
            "Прізвище;Телефон\nШевченко;0221 66966966\nНаталія Їжак;0221 66966967\n",
            &[
                ("cp1251", b"\xcf\xf0\xb3\xe7\xe2\xe8\xf9\xe5;\xd2\xe5\xeb\xe5\xf4\xee\xed\n\xd8\xe5\xe2\xf7\xe5\xed\xea\xee;0221 66966966\n\xcd\xe0\xf2\xe0\xeb\xb3\xff \xaf\xe6\xe0\xea;0221 66966967\n"),
                ("koi8_u", b"\xf0\xd2\xa6\xda\xd7\xc9\xdd\xc5;\xf4\xc5\xcc\xc5\xc6\xcf\xce\n\xfb\xc5\xd7\xde\xc5\xce\xcb\xcf;0221 66966966\n\xee\xc1\xd4\xc1\xcc\xa6\xd1 \xb7\xd6\xc1\xcb;0221 66966967\n"),
            ],
        ),
        (
            "الاسم;الشركة;الهاتف\nمحمد علي;شركة النور;0221 66966966\nفاطمة حسن;;0221 66966967\n",
            &[
                ("cp1256", b"\xc7\xe1\xc7\xd3\xe3;\xc7\xe1\xd4\xd1\xdf\xc9;\xc7\xe1\xe5\xc7\xca\xdd\n\xe3\xcd\xe3\xcf \xda\xe1\xed;\xd4\xd1\xdf\xc9 \xc7\xe1\xe4\xe6\xd1;0221 66966966\n\xdd\xc7\xd8\xe3\xc9 \xcd\xd3\xe4;;0221 66966967\n"),
            ],
        ),
        (
            "שם;חברה;טלפון\nדנה לדוגמה;חברה לדוגמה;03-6957361\n",
            &[
                ("cp1255", b"\xf9\xed;\xe7\xe1\xf8\xe4;\xe8\xec\xf4\xe5\xef\n\xe3\xf0\xe4 \xec\xe3\xe5\xe2\xee\xe4;\xe7\xe1\xf8\xe4 \xec\xe3\xe5\xe2\xee\xe4;03-6957361\n"),
                ("cp862", b"\x99\x8d;\x87\x81\x98\x84;\x88\x8c\x94\x85\x8f\n\x83\x90\x84 \x8c\x83\x85\x82\x8e\x84;\x87\x81\x98\x84 \x8c\x83\x85\x82\x8e\x84;03-6957361\n"),
            ],
        ),
        (
            "Name;Telefon\nדנה;03-6957361\n",
            &[
                ("cp1255", b"Name;Telefon\n\xe3\xf0\xe4;03-6957361\n"),
                ("cp862", b"Name;Telefon\n\x83\x90\x84;03-6957361\n"),
            ],
        ),
        (
            "名前;会社;電話\n田中太郎;株式会社サンプル;0221 66966966\n鈴木花子;ポスト;0221 66966967\n",
            &[
                ("shift_jis", b"\x96\xbc\x91O;\x89\xef\x8e\xd0;\x93d\x98b\n\x93c\x92\x86\x91\xbe\x98Y;\x8a\x94\x8e\xae\x89\xef\x8e\xd0\x83T\x83\x93\x83v\x83\x8b;0221 66966966\n\x97\xe9\x96\xd8\x89\xd4\x8eq;\x83|\x83X\x83g;0221 66966967\n"),
                ("euc_jp", b"\xcc\xbe\xc1\xb0;\xb2\xf1\xbc\xd2;\xc5\xc5\xcf\xc3\n\xc5\xc4\xc3\xe6\xc2\xc0\xcf\xba;\xb3\xf4\xbc\xb0\xb2\xf1\xbc\xd2\xa5\xb5\xa5\xf3\xa5\xd7\xa5\xeb;0221 66966966\n\xce\xeb\xcc\xda\xb2\xd6\xbb\xd2;\xa5\xdd\xa5\xb9\xa5\xc8;0221 66966967\n"),
            ],
        ),
        (
            "姓名;公司;电话\n王小明;北京科技有限公司;0221 66966966\n李娜;;0221 66966967\n",
            &[
                ("gb18030", b"\xd0\xd5\xc3\xfb;\xb9\xab\xcb\xbe;\xb5\xe7\xbb\xb0\n\xcd\xf5\xd0\xa1\xc3\xf7;\xb1\xb1\xbe\xa9\xbf\xc6\xbc\xbc\xd3\xd0\xcf\xde\xb9\xab\xcb\xbe;0221 66966966\n\xc0\xee\xc4\xc8;;0221 66966967\n"),
            ],
        ),
        (
            "姓名;公司;電話\n王小明;臺北公司;0221 66966966\n",
            &[
                ("big5", b"\xa9m\xa6W;\xa4\xbd\xa5q;\xb9q\xb8\xdc\n\xa4\xfd\xa4p\xa9\xfa;\xbbO\xa5_\xa4\xbd\xa5q;0221 66966966\n"),
            ],
        ),
        (
            "이름;회사;전화\n김철수;삼성전자;0221 66966966\n",
            &[
                ("euc_kr", b"\xc0\xcc\xb8\xa7;\xc8\xb8\xbb\xe7;\xc0\xfc\xc8\xad\n\xb1\xe8\xc3\xb6\xbc\xf6;\xbb\xef\xbc\xba\xc0\xfc\xc0\xda;0221 66966966\n"),
            ],
        ),
        (
            "Ime;Telefon\nSaša;0221 66966966\nAleš;0221 66966967\n",
            &[("cp1250", b"Ime;Telefon\nSa\x9aa;0221 66966966\nAle\x9a;0221 66966967\n")],
        ),
        ("Név\nKovács Béla\nGyőr\nPál\nLőrinc\nTóth\nSzűcs\n", &[("cp1250", b"N\xe9v\nKov\xe1cs B\xe9la\nGy\xf5r\nP\xe1l\nL\xf5rinc\nT\xf3th\nSz\xfbcs\n")]),
        ("Ad\nGümüş\nKılıç\nİbrahim\nÇağrı\n", &[("cp1254", b"Ad\nG\xfcm\xfc\xfe\nK\xfdl\xfd\xe7\n\xddbrahim\n\xc7a\xf0r\xfd\n")]),
        ("Nom\nHélène\nAnaïs\nChâteau d’Eau\n", &[("cp1252", b"Nom\nH\xe9l\xe8ne\nAna\xefs\nCh\xe2teau d\x92Eau\n")]),
        ("Name\nJörg\nKönigsberger\n", &[("cp850", b"Name\nJ\x94rg\nK\x94nigsberger\n")]),
        ("Name\nSchäfer\n", &[("mac_roman", b"Name\nSch\x8afer\n")]),
        ("Имя\nИван\n", &[("cp1251", b"\xc8\xec\xff\n\xc8\xe2\xe0\xed\n")]),
    ];
    for (text, pages) in texts {
        for (page, bytes) in pages {
            assert_eq!(decoded(bytes), text, "{page}");
        }
    }
}

#[test]
fn text_that_was_encoded_twice_is_read() {
    let again = |text: &str, page: &'static encoding_rs::Encoding| page.decode(text.as_bytes()).0.into_owned();
    for text in
        ["Name;Telefon\nJörg Groß;0221 66966966\nÁine;1\n", "Имя\nИван\n", "Name\nO’Brien – à la carte €\n", "名前\n"]
    {
        for page in [encoding_rs::WINDOWS_1252, encoding_rs::MACINTOSH] {
            let twice = again(text, page);
            assert_eq!(decoded(twice.as_bytes()), text, "{twice}");
            assert_eq!(decoded(format!("\u{feff}{twice}").as_bytes()), text, "{twice}");
        }
    }
    let thrice = again("JÃ¶rg Ã\u{81}ine\n", encoding_rs::WINDOWS_1252);
    assert_eq!(decoded(thrice.as_bytes()), "Jörg Áine\n");
    for text in ["JÃ¶rg\nMüller\n", "SÃO PAULO\n", "Weiß’s Laden\n", "„Ä“\n", "Café – Bar\n", "Éric «Été»\n", "√2\n"]
    {
        assert_eq!(decoded(text.as_bytes()), text);
    }
}
