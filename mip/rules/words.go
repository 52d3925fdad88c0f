package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A lexicon is what one language abbreviates in streets: whole words, and
// endings of words that are written together ("Hauptstraße").
type lexicon struct {
	words   map[string]string
	endings map[string]string
}

// careOfWords introduce a person or company at somebody else's address.
var careOfWords = []string{"c/o", "z.hd.", "z.h.", "attn", "attn:", "attn.", "a/a", "p/a", "att.", "att:"}

// companyForms end a company's name.
var companyForms = []string{
	"gmbh", "mbh", "kg", "ohg", "e.v.", "e.k.", "ltd", "ltd.", "limited", "llc", "inc", "inc.", "plc",
	"s.l.", "s.l", "slu", "s.l.u.", "s.a.", "sarl", "s.a.r.l.", "sas", "s.a.s.", "b.v.", "bv", "n.v.", "nv",
	"srl", "s.r.l.", "s.p.a.", "lda", "lda.", "o.o.",
}

// buildingWords begin the name of a building or estate.
var buildingWords = []string{
	"edificio", "edificio:", "edifício", "urbanización", "urbanizacion", "residencial", "residencia",
	"résidence", "residence", "bâtiment", "batiment", "gebäude", "wohnpark", "building", "palazzo",
	"condominio", "condomínio", "résid.", "edif.",
}

var (
	english = lexicon{words: map[string]string{
		"street": "St", "road": "Rd", "avenue": "Ave", "boulevard": "Blvd", "drive": "Dr", "lane": "Ln",
		"court": "Ct", "place": "Pl", "square": "Sq", "terrace": "Ter", "gardens": "Gdns", "crescent": "Cres",
		"apartment": "Apt", "building": "Bldg", "floor": "Fl", "house": "Hse", "highway": "Hwy",
		"parkway": "Pkwy", "suite": "Ste", "department": "Dept", "industrial": "Ind", "estate": "Est",
	}}
	german = lexicon{
		words: map[string]string{
			"straße": "Str.", "strasse": "Str.", "platz": "Pl.", "gebäude": "Geb.", "hinterhaus": "Hhs.",
			"vorderhaus": "Vhs.", "hausnummer": "Nr.", "nummer": "Nr.", "wohnung": "Whg.", "stockwerk": "St.",
			"obergeschoss": "OG", "obergeschoß": "OG", "erdgeschoss": "EG", "erdgeschoß": "EG",
			"dachgeschoss": "DG", "dachgeschoß": "DG", "postfach": "Pf.", "sankt": "St.", "abteilung": "Abt.",
			"stiege": "Stg.", "industriegebiet": "Ind.-Geb.", "gewerbegebiet": "Gew.-Geb.",
		},
		endings: map[string]string{"straße": "str.", "strasse": "str."},
	}
	spanish = lexicon{words: map[string]string{
		"calle": "C/", "avenida": "Av.", "plaza": "Pza.", "paseo": "Pº", "carretera": "Ctra.", "camino": "Cno.",
		"urbanización": "Urb.", "urbanizacion": "Urb.", "polígono": "Pol.", "poligono": "Pol.", "industrial": "Ind.",
		"edificio": "Edif.", "escalera": "Esc.", "puerta": "Pta.", "bloque": "Bl.", "portal": "Ptal.",
		"izquierda": "Izda.", "derecha": "Dcha.", "número": "Nº", "numero": "Nº", "apartamento": "Apto.",
		"travesía": "Trva.", "travesia": "Trva.", "glorieta": "Gta.", "ronda": "Rda.", "residencial": "Res.",
		"apartado": "Apdo.", "departamento": "Dpto.", "principal": "Ppal.", "bajo": "Bj.",
		"carrer": "C/", "avinguda": "Av.", "plaça": "Pl.", "passeig": "Pg.",
	}}
	french = lexicon{words: map[string]string{
		"avenue": "Av.", "boulevard": "Bd", "place": "Pl.", "chemin": "Che.", "impasse": "Imp.", "route": "Rte",
		"résidence": "Rés.", "residence": "Rés.", "bâtiment": "Bât.", "batiment": "Bât.", "appartement": "Appt",
		"étage": "Ét.", "escalier": "Esc.", "allée": "All.", "allées": "All.", "faubourg": "Fg", "square": "Sq.",
		"lotissement": "Lot.", "quartier": "Qu.", "passage": "Pass.", "immeuble": "Imm.", "saint": "St", "sainte": "Ste",
	}}
	italian = lexicon{words: map[string]string{
		"viale": "V.le", "piazza": "P.za", "piazzale": "P.le", "corso": "C.so", "strada": "Str.", "largo": "L.go",
		"vicolo": "Vic.", "località": "Loc.", "frazione": "Fraz.", "palazzo": "Pal.", "palazzina": "Pal.na",
		"scala": "Sc.", "interno": "Int.", "appartamento": "App.", "contrada": "C.da", "condominio": "Cond.",
	}}
	portuguese = lexicon{words: map[string]string{
		"rua": "R.", "avenida": "Av.", "praça": "Pç.", "travessa": "Tv.", "estrada": "Estr.", "largo": "Lg.",
		"apartamento": "Apto.", "edifício": "Ed.", "edificio": "Ed.", "bloco": "Bl.", "esquerdo": "Esq.",
		"direito": "Dto.", "urbanização": "Urb.", "número": "Nº", "alameda": "Al.", "quinta": "Qta.",
	}}
	dutch = lexicon{
		words:   map[string]string{"straat": "Str.", "plein": "Pln.", "laan": "Ln.", "gebouw": "Geb.", "postbus": "Pb.", "appartement": "App."},
		endings: map[string]string{"straat": "str."},
	}
	polish = lexicon{words: map[string]string{
		"ulica": "ul.", "aleja": "al.", "aleje": "al.", "plac": "pl.", "osiedle": "os.", "mieszkanie": "m.",
		"budynek": "bud.", "klatka": "kl.", "generała": "gen.", "świętego": "św.",
	}}
)

// wordsOf returns the lexicons to use in a country, its own languages first,
// English last.
func wordsOf(country string) []lexicon {
	switch country {
	case "DE", "AT", "LI":
		return []lexicon{german, english}
	case "CH":
		return []lexicon{german, french, italian, english}
	case "LU":
		return []lexicon{french, german, english}
	case "BE":
		return []lexicon{dutch, french, german, english}
	case "NL":
		return []lexicon{dutch, english}
	case "FR", "MC", "GP", "MQ", "GF", "RE", "YT":
		return []lexicon{french, english}
	case "ES", "AD", "MX", "CL", "CO":
		return []lexicon{spanish, english}
	case "IT", "SM", "VA":
		return []lexicon{italian, english}
	case "PT", "BR":
		return []lexicon{portuguese, english}
	case "PL":
		return []lexicon{polish, english}
	}
	return []lexicon{english}
}

// abbreviate returns the usual short form of a word, or the word.
func abbreviate(word string, from []lexicon) string {
	lower := strings.ToLower(word)
	for _, l := range from {
		if short, ok := l.words[lower]; ok {
			return sameCase(word, short)
		}
		for long, short := range l.endings {
			if head, ok := strings.CutSuffix(lower, long); ok && head != "" && len(lower) == len(word) {
				return word[:len(head)] + sameCase(word[len(head):], short)
			}
		}
	}
	return word
}

// sameCase gives short the first letter's case of word.
func sameCase(word, short string) string {
	w, _ := utf8.DecodeRuneInString(word)
	s, size := utf8.DecodeRuneInString(short)
	switch {
	case unicode.IsUpper(w):
		return string(unicode.ToUpper(s)) + short[size:]
	case unicode.IsLower(w):
		return string(unicode.ToLower(s)) + short[size:]
	}
	return short
}
