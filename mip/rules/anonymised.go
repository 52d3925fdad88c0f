package rules

import (
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// Anonymised checks that the buyer's data is there at all: channels replace it
// some time after the sale, by asterisks, a row of the letter x, a word such
// as "[deleted]", or an address under the domain .invalid. Masked relay
// addresses of marketplaces, which deliver, are not meant. Its code is
// [CodeAnonymised], its path the first field that is masked.
func Anonymised() mip.Rule {
	return mip.Rule{
		Code: CodeAnonymised,
		Doc:  "The channel has not anonymised the buyer's data.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			a := &s.Order.ShipTo
			path := ""
			switch {
			case masked(a.FirstName):
				path = "shipTo.firstName"
			case masked(a.LastName):
				path = "shipTo.lastName"
			case masked(a.Line1):
				path = "shipTo.line1"
			case masked(a.City):
				path = "shipTo.city"
			case masked(a.Phone):
				path = "shipTo.phone"
			case masked(a.Email) || erasedEmail(a.Email):
				path = "shipTo.email"
			default:
				return
			}
			report(finding(CodeAnonymised, path))
		},
	}
}

// erasedWords are the values that shops write over personal data.
var erasedWords = []string{
	"deleted", "redacted", "erased", "anonymized", "anonymised", "gelöscht", "anonymisiert", "eliminado", "anonimizado",
	"borrado", "supprimé", "anonymisé", "anonimizzato", "geanonimiseerd", "zanonimizowano",
}

func masked(value string) bool {
	value = strings.TrimSpace(value)
	if value == "" {
		return false
	}
	if strings.Contains(value, "***") || strings.Contains(value, "•••") {
		return true
	}
	if len(value) >= 3 && strings.Trim(value, "xX") == "" {
		return true
	}
	last := value[len(value)-1]
	if last >= '0' && last <= '9' || len(value) > 32 { // the usual address ends here
		return false
	}
	value = strings.Trim(value, "[]()<>{} ")
	return slices.ContainsFunc(erasedWords, func(w string) bool { return strings.EqualFold(w, value) })
}

// erasedEmail reports whether the domain can never exist (RFC 6761).
func erasedEmail(email string) bool {
	email = strings.TrimSpace(email)
	const suffix = ".invalid"
	return len(email) > len(suffix) && strings.EqualFold(email[len(email)-len(suffix):], suffix)
}
