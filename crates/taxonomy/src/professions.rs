//! Professions: major and sub-major groups of the Portuguese classification of 2010, which follows
//! ISCO-08. Names are the classification's, shortened where they are long. Ids of sub-major groups are
//! their codes as numbers; major groups have 100 added.

use crate::table::entries;

entries! {
    PROFESSIONS {
        100 "0" "Profissões das Forças Armadas" "Armed forces occupations";
        1 "01" "Oficiais das Forças Armadas" "Commissioned armed forces officers" in 100;
        2 "02" "Sargentos das Forças Armadas" "Non-commissioned armed forces officers" in 100;
        3 "03" "Outro pessoal das Forças Armadas" "Armed forces, other ranks" in 100;
        101 "1" "Representantes do poder legislativo e de órgãos executivos, dirigentes, diretores e gestores executivos" "Managers";
        11 "11" "Representantes do poder legislativo e executivo, dirigentes superiores e gestores de empresas" "Chief executives, senior officials and legislators" in 101;
        12 "12" "Diretores de serviços administrativos e comerciais" "Administrative and commercial managers" in 101;
        13 "13" "Diretores de produção e de serviços especializados" "Production and specialised services managers" in 101;
        14 "14" "Diretores de hotelaria, restauração, comércio e de outros serviços" "Hospitality, retail and other services managers" in 101;
        102 "2" "Especialistas das atividades intelectuais e científicas" "Professionals";
        21 "21" "Especialistas das ciências físicas, matemáticas e engenharias" "Science and engineering professionals" in 102;
        22 "22" "Profissionais de saúde" "Health professionals" in 102;
        23 "23" "Professores" "Teaching professionals" in 102;
        24 "24" "Especialistas em finanças, contabilidade, organização administrativa e relações comerciais" "Business and administration professionals" in 102;
        25 "25" "Especialistas em tecnologias de informação e comunicação" "Information and communications technology professionals" in 102;
        26 "26" "Especialistas em assuntos jurídicos, sociais, artísticos e culturais" "Legal, social and cultural professionals" in 102;
        103 "3" "Técnicos e profissões de nível intermédio" "Technicians and associate professionals";
        31 "31" "Técnicos das ciências e engenharia, de nível intermédio" "Science and engineering associate professionals" in 103;
        32 "32" "Técnicos da saúde, de nível intermédio" "Health associate professionals" in 103;
        33 "33" "Técnicos das áreas financeira, administrativa e dos negócios, de nível intermédio" "Business and administration associate professionals" in 103;
        34 "34" "Técnicos dos serviços jurídicos, sociais, desportivos e culturais, de nível intermédio" "Legal, social, cultural and related associate professionals" in 103;
        35 "35" "Técnicos das tecnologias de informação e comunicação" "Information and communications technicians" in 103;
        104 "4" "Pessoal administrativo" "Clerical support workers";
        41 "41" "Empregados de escritório, secretários e operadores de processamento de dados" "General and keyboard clerks" in 104;
        42 "42" "Pessoal de apoio direto a clientes" "Customer services clerks" in 104;
        43 "43" "Operadores de dados, de contabilidade, estatística e serviços financeiros" "Numerical and material recording clerks" in 104;
        44 "44" "Outro pessoal de apoio administrativo" "Other clerical support workers" in 104;
        105 "5" "Trabalhadores dos serviços pessoais, de proteção e segurança e vendedores" "Service and sales workers";
        51 "51" "Trabalhadores dos serviços pessoais" "Personal service workers" in 105;
        52 "52" "Vendedores" "Sales workers" in 105;
        53 "53" "Trabalhadores dos cuidados pessoais" "Personal care workers" in 105;
        54 "54" "Pessoal dos serviços de proteção e segurança" "Protective services workers" in 105;
        106 "6" "Agricultores e trabalhadores qualificados da agricultura, da pesca e da floresta" "Skilled agricultural, forestry and fishery workers";
        61 "61" "Agricultores e trabalhadores qualificados da agricultura e produção animal" "Market-oriented skilled agricultural workers" in 106;
        62 "62" "Trabalhadores qualificados da floresta, pesca e caça" "Market-oriented skilled forestry, fishery and hunting workers" in 106;
        63 "63" "Agricultores, pescadores, caçadores e coletores de subsistência" "Subsistence farmers, fishers, hunters and gatherers" in 106;
        107 "7" "Trabalhadores qualificados da indústria, construção e artífices" "Craft and related trades workers";
        71 "71" "Trabalhadores qualificados da construção, exceto eletricistas" "Building and related trades workers, excluding electricians" in 107;
        72 "72" "Trabalhadores qualificados da metalurgia e metalomecânica" "Metal, machinery and related trades workers" in 107;
        73 "73" "Trabalhadores qualificados da impressão, de instrumentos de precisão, joalheiros e artesãos" "Handicraft and printing workers" in 107;
        74 "74" "Trabalhadores qualificados em eletricidade e eletrónica" "Electrical and electronic trades workers" in 107;
        75 "75" "Trabalhadores da transformação de alimentos, da madeira, do vestuário e outros artífices" "Food processing, wood working, garment and other craft workers" in 107;
        108 "8" "Operadores de instalações e máquinas e trabalhadores da montagem" "Plant and machine operators and assemblers";
        81 "81" "Operadores de instalações fixas e máquinas" "Stationary plant and machine operators" in 108;
        82 "82" "Trabalhadores da montagem" "Assemblers" in 108;
        83 "83" "Condutores de veículos e operadores de equipamentos móveis" "Drivers and mobile plant operators" in 108;
        109 "9" "Trabalhadores não qualificados" "Elementary occupations";
        91 "91" "Trabalhadores de limpeza" "Cleaners and helpers" in 109;
        92 "92" "Trabalhadores não qualificados da agricultura, produção animal, pesca e floresta" "Agricultural, forestry and fishery labourers" in 109;
        93 "93" "Trabalhadores não qualificados da indústria extrativa, construção, indústria transformadora e transportes" "Labourers in mining, construction, manufacturing and transport" in 109;
        94 "94" "Assistentes na preparação de refeições" "Food preparation assistants" in 109;
        95 "95" "Vendedores ambulantes e prestadores de serviços na rua" "Street and related sales and service workers" in 109;
        96 "96" "Trabalhadores dos resíduos e de outros serviços elementares" "Refuse workers and other elementary workers" in 109;
    }
}
