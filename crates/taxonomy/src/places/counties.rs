//! The 308 municipalities of Portugal by their official numbers. Names that are there twice have their region
//! in brackets, as the institute writes them.

use crate::table::Entry;

macro_rules! counties {
    ($($district:literal { $($id:literal $code:literal $name:literal;)+ })+) => {
        pub(crate) const COUNTIES: &[Entry] = &[$($(Entry {
            id: $id,
            code: $code,
            pt: $name,
            en: $name,
            parent: Some($district),
            active: true,
        },)+)+];
    };
}

counties! {
    1 {
        101 "0101" "Águeda";
        102 "0102" "Albergaria-a-Velha";
        103 "0103" "Anadia";
        104 "0104" "Arouca";
        105 "0105" "Aveiro";
        106 "0106" "Castelo de Paiva";
        107 "0107" "Espinho";
        108 "0108" "Estarreja";
        109 "0109" "Santa Maria da Feira";
        110 "0110" "Ílhavo";
        111 "0111" "Mealhada";
        112 "0112" "Murtosa";
        113 "0113" "Oliveira de Azeméis";
        114 "0114" "Oliveira do Bairro";
        115 "0115" "Ovar";
        116 "0116" "São João da Madeira";
        117 "0117" "Sever do Vouga";
        118 "0118" "Vagos";
        119 "0119" "Vale de Cambra";
    }
    2 {
        201 "0201" "Aljustrel";
        202 "0202" "Almodôvar";
        203 "0203" "Alvito";
        204 "0204" "Barrancos";
        205 "0205" "Beja";
        206 "0206" "Castro Verde";
        207 "0207" "Cuba";
        208 "0208" "Ferreira do Alentejo";
        209 "0209" "Mértola";
        210 "0210" "Moura";
        211 "0211" "Odemira";
        212 "0212" "Ourique";
        213 "0213" "Serpa";
        214 "0214" "Vidigueira";
    }
    3 {
        301 "0301" "Amares";
        302 "0302" "Barcelos";
        303 "0303" "Braga";
        304 "0304" "Cabeceiras de Basto";
        305 "0305" "Celorico de Basto";
        306 "0306" "Esposende";
        307 "0307" "Fafe";
        308 "0308" "Guimarães";
        309 "0309" "Póvoa de Lanhoso";
        310 "0310" "Terras de Bouro";
        311 "0311" "Vieira do Minho";
        312 "0312" "Vila Nova de Famalicão";
        313 "0313" "Vila Verde";
        314 "0314" "Vizela";
    }
    4 {
        401 "0401" "Alfândega da Fé";
        402 "0402" "Bragança";
        403 "0403" "Carrazeda de Ansiães";
        404 "0404" "Freixo de Espada à Cinta";
        405 "0405" "Macedo de Cavaleiros";
        406 "0406" "Miranda do Douro";
        407 "0407" "Mirandela";
        408 "0408" "Mogadouro";
        409 "0409" "Torre de Moncorvo";
        410 "0410" "Vila Flor";
        411 "0411" "Vimioso";
        412 "0412" "Vinhais";
    }
    5 {
        501 "0501" "Belmonte";
        502 "0502" "Castelo Branco";
        503 "0503" "Covilhã";
        504 "0504" "Fundão";
        505 "0505" "Idanha-a-Nova";
        506 "0506" "Oleiros";
        507 "0507" "Penamacor";
        508 "0508" "Proença-a-Nova";
        509 "0509" "Sertã";
        510 "0510" "Vila de Rei";
        511 "0511" "Vila Velha de Ródão";
    }
    6 {
        601 "0601" "Arganil";
        602 "0602" "Cantanhede";
        603 "0603" "Coimbra";
        604 "0604" "Condeixa-a-Nova";
        605 "0605" "Figueira da Foz";
        606 "0606" "Góis";
        607 "0607" "Lousã";
        608 "0608" "Mira";
        609 "0609" "Miranda do Corvo";
        610 "0610" "Montemor-o-Velho";
        611 "0611" "Oliveira do Hospital";
        612 "0612" "Pampilhosa da Serra";
        613 "0613" "Penacova";
        614 "0614" "Penela";
        615 "0615" "Soure";
        616 "0616" "Tábua";
        617 "0617" "Vila Nova de Poiares";
    }
    7 {
        701 "0701" "Alandroal";
        702 "0702" "Arraiolos";
        703 "0703" "Borba";
        704 "0704" "Estremoz";
        705 "0705" "Évora";
        706 "0706" "Montemor-o-Novo";
        707 "0707" "Mora";
        708 "0708" "Mourão";
        709 "0709" "Portel";
        710 "0710" "Redondo";
        711 "0711" "Reguengos de Monsaraz";
        712 "0712" "Vendas Novas";
        713 "0713" "Viana do Alentejo";
        714 "0714" "Vila Viçosa";
    }
    8 {
        801 "0801" "Albufeira";
        802 "0802" "Alcoutim";
        803 "0803" "Aljezur";
        804 "0804" "Castro Marim";
        805 "0805" "Faro";
        806 "0806" "Lagoa";
        807 "0807" "Lagos";
        808 "0808" "Loulé";
        809 "0809" "Monchique";
        810 "0810" "Olhão";
        811 "0811" "Portimão";
        812 "0812" "São Brás de Alportel";
        813 "0813" "Silves";
        814 "0814" "Tavira";
        815 "0815" "Vila do Bispo";
        816 "0816" "Vila Real de Santo António";
    }
    9 {
        901 "0901" "Aguiar da Beira";
        902 "0902" "Almeida";
        903 "0903" "Celorico da Beira";
        904 "0904" "Figueira de Castelo Rodrigo";
        905 "0905" "Fornos de Algodres";
        906 "0906" "Gouveia";
        907 "0907" "Guarda";
        908 "0908" "Manteigas";
        909 "0909" "Mêda";
        910 "0910" "Pinhel";
        911 "0911" "Sabugal";
        912 "0912" "Seia";
        913 "0913" "Trancoso";
        914 "0914" "Vila Nova de Foz Côa";
    }
    10 {
        1001 "1001" "Alcobaça";
        1002 "1002" "Alvaiázere";
        1003 "1003" "Ansião";
        1004 "1004" "Batalha";
        1005 "1005" "Bombarral";
        1006 "1006" "Caldas da Rainha";
        1007 "1007" "Castanheira de Pêra";
        1008 "1008" "Figueiró dos Vinhos";
        1009 "1009" "Leiria";
        1010 "1010" "Marinha Grande";
        1011 "1011" "Nazaré";
        1012 "1012" "Óbidos";
        1013 "1013" "Pedrógão Grande";
        1014 "1014" "Peniche";
        1015 "1015" "Pombal";
        1016 "1016" "Porto de Mós";
    }
    11 {
        1101 "1101" "Alenquer";
        1102 "1102" "Arruda dos Vinhos";
        1103 "1103" "Azambuja";
        1104 "1104" "Cadaval";
        1105 "1105" "Cascais";
        1106 "1106" "Lisboa";
        1107 "1107" "Loures";
        1108 "1108" "Lourinhã";
        1109 "1109" "Mafra";
        1110 "1110" "Oeiras";
        1111 "1111" "Sintra";
        1112 "1112" "Sobral de Monte Agraço";
        1113 "1113" "Torres Vedras";
        1114 "1114" "Vila Franca de Xira";
        1115 "1115" "Amadora";
        1116 "1116" "Odivelas";
    }
    12 {
        1201 "1201" "Alter do Chão";
        1202 "1202" "Arronches";
        1203 "1203" "Avis";
        1204 "1204" "Campo Maior";
        1205 "1205" "Castelo de Vide";
        1206 "1206" "Crato";
        1207 "1207" "Elvas";
        1208 "1208" "Fronteira";
        1209 "1209" "Gavião";
        1210 "1210" "Marvão";
        1211 "1211" "Monforte";
        1212 "1212" "Nisa";
        1213 "1213" "Ponte de Sor";
        1214 "1214" "Portalegre";
        1215 "1215" "Sousel";
    }
    13 {
        1301 "1301" "Amarante";
        1302 "1302" "Baião";
        1303 "1303" "Felgueiras";
        1304 "1304" "Gondomar";
        1305 "1305" "Lousada";
        1306 "1306" "Maia";
        1307 "1307" "Marco de Canaveses";
        1308 "1308" "Matosinhos";
        1309 "1309" "Paços de Ferreira";
        1310 "1310" "Paredes";
        1311 "1311" "Penafiel";
        1312 "1312" "Porto";
        1313 "1313" "Póvoa de Varzim";
        1314 "1314" "Santo Tirso";
        1315 "1315" "Valongo";
        1316 "1316" "Vila do Conde";
        1317 "1317" "Vila Nova de Gaia";
        1318 "1318" "Trofa";
    }
    14 {
        1401 "1401" "Abrantes";
        1402 "1402" "Alcanena";
        1403 "1403" "Almeirim";
        1404 "1404" "Alpiarça";
        1405 "1405" "Benavente";
        1406 "1406" "Cartaxo";
        1407 "1407" "Chamusca";
        1408 "1408" "Constância";
        1409 "1409" "Coruche";
        1410 "1410" "Entroncamento";
        1411 "1411" "Ferreira do Zêzere";
        1412 "1412" "Golegã";
        1413 "1413" "Mação";
        1414 "1414" "Rio Maior";
        1415 "1415" "Salvaterra de Magos";
        1416 "1416" "Santarém";
        1417 "1417" "Sardoal";
        1418 "1418" "Tomar";
        1419 "1419" "Torres Novas";
        1420 "1420" "Vila Nova da Barquinha";
        1421 "1421" "Ourém";
    }
    15 {
        1501 "1501" "Alcácer do Sal";
        1502 "1502" "Alcochete";
        1503 "1503" "Almada";
        1504 "1504" "Barreiro";
        1505 "1505" "Grândola";
        1506 "1506" "Moita";
        1507 "1507" "Montijo";
        1508 "1508" "Palmela";
        1509 "1509" "Santiago do Cacém";
        1510 "1510" "Seixal";
        1511 "1511" "Sesimbra";
        1512 "1512" "Setúbal";
        1513 "1513" "Sines";
    }
    16 {
        1601 "1601" "Arcos de Valdevez";
        1602 "1602" "Caminha";
        1603 "1603" "Melgaço";
        1604 "1604" "Monção";
        1605 "1605" "Paredes de Coura";
        1606 "1606" "Ponte da Barca";
        1607 "1607" "Ponte de Lima";
        1608 "1608" "Valença";
        1609 "1609" "Viana do Castelo";
        1610 "1610" "Vila Nova de Cerveira";
    }
    17 {
        1701 "1701" "Alijó";
        1702 "1702" "Boticas";
        1703 "1703" "Chaves";
        1704 "1704" "Mesão Frio";
        1705 "1705" "Mondim de Basto";
        1706 "1706" "Montalegre";
        1707 "1707" "Murça";
        1708 "1708" "Peso da Régua";
        1709 "1709" "Ribeira de Pena";
        1710 "1710" "Sabrosa";
        1711 "1711" "Santa Marta de Penaguião";
        1712 "1712" "Valpaços";
        1713 "1713" "Vila Pouca de Aguiar";
        1714 "1714" "Vila Real";
    }
    18 {
        1801 "1801" "Armamar";
        1802 "1802" "Carregal do Sal";
        1803 "1803" "Castro Daire";
        1804 "1804" "Cinfães";
        1805 "1805" "Lamego";
        1806 "1806" "Mangualde";
        1807 "1807" "Moimenta da Beira";
        1808 "1808" "Mortágua";
        1809 "1809" "Nelas";
        1810 "1810" "Oliveira de Frades";
        1811 "1811" "Penalva do Castelo";
        1812 "1812" "Penedono";
        1813 "1813" "Resende";
        1814 "1814" "Santa Comba Dão";
        1815 "1815" "São João da Pesqueira";
        1816 "1816" "São Pedro do Sul";
        1817 "1817" "Sátão";
        1818 "1818" "Sernancelhe";
        1819 "1819" "Tabuaço";
        1820 "1820" "Tarouca";
        1821 "1821" "Tondela";
        1822 "1822" "Vila Nova de Paiva";
        1823 "1823" "Viseu";
        1824 "1824" "Vouzela";
    }
    30 {
        3101 "3101" "Calheta (Madeira)";
        3102 "3102" "Câmara de Lobos";
        3103 "3103" "Funchal";
        3104 "3104" "Machico";
        3105 "3105" "Ponta do Sol";
        3106 "3106" "Porto Moniz";
        3107 "3107" "Ribeira Brava";
        3108 "3108" "Santa Cruz";
        3109 "3109" "Santana";
        3110 "3110" "São Vicente";
        3201 "3201" "Porto Santo";
    }
    40 {
        4101 "4101" "Vila do Porto";
        4201 "4201" "Lagoa (Açores)";
        4202 "4202" "Nordeste";
        4203 "4203" "Ponta Delgada";
        4204 "4204" "Povoação";
        4205 "4205" "Ribeira Grande";
        4206 "4206" "Vila Franca do Campo";
        4301 "4301" "Angra do Heroísmo";
        4302 "4302" "Praia da Vitória";
        4401 "4401" "Santa Cruz da Graciosa";
        4501 "4501" "Calheta (Açores)";
        4502 "4502" "Velas";
        4601 "4601" "Lajes do Pico";
        4602 "4602" "Madalena";
        4603 "4603" "São Roque do Pico";
        4701 "4701" "Horta";
        4801 "4801" "Lajes das Flores";
        4802 "4802" "Santa Cruz das Flores";
        4901 "4901" "Corvo";
    }
}
