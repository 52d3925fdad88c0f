package rules

// A country is what the rules know of one: the form of its postcodes, one
// real postcode to show, the letters people write before it, the calling
// code, and whether it belongs to the European Union.
//
// In a form N is a digit, A a letter, X either, a lower-case letter or a digit
// itself; " " and "-" may be left out, and nothing else may stand in their
// place. "|" separates alternatives, the usual one first. An empty form means
// that the country has no postcodes.
type country struct {
	postcode string
	example  string
	letters  string
	dial     string
	eu       bool
}

// british is the form of postcodes in the United Kingdom.
const british = "AAN NAA|AN NAA|ANN NAA|AANN NAA|ANA NAA|AANA NAA|gir 0aa"

// countries covers the EU, the EEA, Switzerland, the rest of Europe, overseas
// territories that ship like them, and the larger markets beyond. A country
// that is missing passes every postcode, and a supplier has the last word: these
// forms catch typing errors, they are no register of postcodes.
var countries = map[string]country{
	// European Union
	"AT": {"NNNN", "1010", "A", "43", true},
	"BE": {"NNNN", "1000", "B", "32", true},
	"BG": {"NNNN", "1000", "BG", "359", true},
	"CY": {"NNNN", "1010", "CY", "357", true},
	"CZ": {"NNN NN", "110 00", "CZ", "420", true},
	"DE": {"NNNNN", "10115", "D", "49", true},
	"DK": {"NNNN", "1050", "DK", "45", true},
	"EE": {"NNNNN", "10111", "EE", "372", true},
	"ES": {"NNNNN", "28013", "E", "34", true},
	"FI": {"NNNNN", "00100", "FIN", "358", true},
	"FR": {"NNNNN", "75001", "F", "33", true},
	"GR": {"NNN NN", "105 57", "GR", "30", true},
	"HR": {"NNNNN", "10000", "HR", "385", true},
	"HU": {"NNNN", "1051", "H", "36", true},
	"IE": {"ANN XXXX|d6w XXXX", "D02 X285", "IE", "353", true},
	"IT": {"NNNNN", "00118", "I", "39", true},
	"LT": {"NNNNN|lt-NNNNN", "01001", "LT", "370", true},
	"LU": {"NNNN|l-NNNN", "1111", "L", "352", true},
	"LV": {"lv-NNNN|NNNN", "LV-1010", "LV", "371", true},
	"MT": {"AAA NNNN", "VLT 1117", "MT", "356", true},
	"NL": {"NNNN AA", "1012 JS", "NL", "31", true},
	"PL": {"NN-NNN", "00-001", "PL", "48", true},
	"PT": {"NNNN-NNN", "1000-001", "P", "351", true},
	"RO": {"NNNNNN", "010011", "RO", "40", true},
	"SE": {"NNN NN", "111 22", "SE", "46", true},
	"SI": {"NNNN|si-NNNN", "1000", "SI", "386", true},
	"SK": {"NNN NN", "811 01", "SK", "421", true},

	// parts of the EU with a country code of their own
	"AX": {"NNNNN", "22100", "AX", "358", false},
	"BL": {"NNNNN", "97133", "BL", "590", false},
	"GF": {"NNNNN", "97300", "GF", "594", false},
	"GP": {"NNNNN", "97110", "GP", "590", false},
	"MF": {"NNNNN", "97150", "MF", "590", false},
	"MQ": {"NNNNN", "97200", "MQ", "596", false},
	"RE": {"NNNNN", "97400", "RE", "262", false},
	"YT": {"NNNNN", "97600", "YT", "262", false},

	// European Economic Area and Switzerland
	"CH": {"NNNN", "8001", "CH", "41", false},
	"IS": {"NNN", "101", "IS", "354", false},
	"LI": {"NNNN", "9490", "FL", "423", false},
	"NO": {"NNNN", "0150", "NO", "47", false},

	// the rest of Europe; Monaco belongs to the EU's customs territory
	"AD": {"adNNN", "AD500", "", "376", false},
	"AL": {"NNNN", "1001", "AL", "355", false},
	"BA": {"NNNNN", "71000", "BA", "387", false},
	"BY": {"NNNNNN", "220030", "BY", "375", false},
	"FO": {"NNN", "100", "FO", "298", false},
	"GB": {british, "SW1A 1AA", "", "44", false},
	"GE": {"NNNN", "0105", "GE", "995", false},
	"GG": {british, "GY1 1WR", "", "44", false},
	"GI": {"gx11 1aa", "GX11 1AA", "", "350", false},
	"GL": {"NNNN", "3900", "GL", "299", false},
	"IM": {british, "IM1 1AD", "", "44", false},
	"JE": {british, "JE2 3AB", "", "44", false},
	"MC": {"NNNNN", "98000", "MC", "377", true},
	"MD": {"NNNN|md-NNNN", "2001", "MD", "373", false},
	"ME": {"NNNNN", "81000", "ME", "382", false},
	"MK": {"NNNN", "1000", "MK", "389", false},
	"RS": {"NNNNN", "11000", "RS", "381", false},
	"RU": {"NNNNNN", "101000", "RU", "7", false},
	"SM": {"NNNNN", "47890", "SM", "378", false},
	"TR": {"NNNNN", "06100", "TR", "90", false},
	"UA": {"NNNNN", "01001", "UA", "380", false},
	"VA": {"NNNNN", "00120", "VA", "39", false},
	"XK": {"NNNNN", "10000", "XK", "383", false},

	// Africa, America, Asia, Oceania
	"AU": {"NNNN", "2000", "AU", "61", false},
	"BR": {"NNNNN-NNN", "01001-000", "BR", "55", false},
	"CA": {"ANA NAN", "K1A 0B1", "", "1", false},
	"CL": {"NNNNNNN|NNN-NNNN", "8320000", "CL", "56", false},
	"CN": {"NNNNNN", "100000", "CN", "86", false},
	"CO": {"NNNNNN", "110111", "CO", "57", false},
	"DZ": {"NNNNN", "16000", "DZ", "213", false},
	"EG": {"NNNNN|NNNNNNN", "11511", "EG", "20", false},
	"ID": {"NNNNN", "10110", "ID", "62", false},
	"IL": {"NNNNNNN|NNNNN", "9414302", "IL", "972", false},
	"IN": {"NNN NNN", "110 001", "IN", "91", false},
	"JP": {"NNN-NNNN", "100-0001", "JP", "81", false},
	"KR": {"NNNNN", "04524", "KR", "82", false},
	"MA": {"NNNNN", "10000", "MA", "212", false},
	"MX": {"NNNNN", "06000", "MX", "52", false},
	"MY": {"NNNNN", "50000", "MY", "60", false},
	"NC": {"NNNNN", "98800", "NC", "687", false},
	"NZ": {"NNNN", "6011", "NZ", "64", false},
	"PF": {"NNNNN", "98714", "PF", "689", false},
	"PM": {"NNNNN", "97500", "PM", "508", false},
	"PR": {"NNNNN|NNNNN-NNNN", "00901", "PR", "1", false},
	"SG": {"NNNNNN", "018956", "SG", "65", false},
	"TH": {"NNNNN", "10200", "TH", "66", false},
	"TN": {"NNNN", "1000", "TN", "216", false},
	"US": {"NNNNN|NNNNN-NNNN", "20500", "", "1", false},
	"WF": {"NNNNN", "98600", "WF", "681", false},
	"ZA": {"NNNN", "0001", "ZA", "27", false},

	// no postcodes at all
	"AE": {"", "", "", "971", false},
	"AO": {"", "", "", "244", false},
	"BS": {"", "", "", "1", false},
	"BZ": {"", "", "", "501", false},
	"CM": {"", "", "", "237", false},
	"CW": {"", "", "", "599", false},
	"HK": {"", "", "", "852", false},
	"MO": {"", "", "", "853", false},
	"QA": {"", "", "", "974", false},
	"UG": {"", "", "", "256", false},
	"ZW": {"", "", "", "263", false},
}

// countryAliases are codes in use that are not ISO 3166-1.
var countryAliases = map[string]string{
	"UK": "GB", "EL": "GR", // the EU's own
	"ENG": "GB", "SCO": "GB", "WAL": "GB", "NIR": "GB",
	"IC": "ES", "EA": "ES", // reserved for the Canary Islands, Ceuta and Melilla
	"AUT": "AT", "BEL": "BE", "BGR": "BG", "CHE": "CH", "CYP": "CY", "CZE": "CZ", "DEU": "DE", "DNK": "DK",
	"ESP": "ES", "EST": "EE", "FIN": "FI", "FRA": "FR", "GBR": "GB", "GRC": "GR", "HRV": "HR", "HUN": "HU",
	"IRL": "IE", "ITA": "IT", "LTU": "LT", "LUX": "LU", "LVA": "LV", "MLT": "MT", "NLD": "NL", "NOR": "NO",
	"POL": "PL", "PRT": "PT", "ROU": "RO", "SVK": "SK", "SVN": "SI", "SWE": "SE", "USA": "US",
}
