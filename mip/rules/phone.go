package rules

import (
	"strings"

	"github.com/openmip/openmip/mip"
)

// PhonePresent checks that there is a telephone number (BigBuy requires one).
// Its code is [CodePhoneMissing].
func PhonePresent() mip.Rule {
	return mip.Rule{
		Code: CodePhoneMissing,
		Doc:  "Whoever receives the parcel can be telephoned.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if blank(s.Order.ShipTo.Phone) {
				report(finding(CodePhoneMissing, "shipTo.phone"))
			}
		},
	}
}

// PhonePlausible checks that a telephone number could be one: 6 to 15 digits
// (ITU-T E.164) with the usual punctuation and perhaps an extension, and no
// placeholder. Placeholders are one digit repeated (000000000), 1 to 9 in a
// row, and the numbers given here, compared by their digits. Its code is
// [CodePhoneInvalid]; a person may let the number pass.
func PhonePlausible(placeholders ...string) mip.Rule {
	refused := make(map[string]bool, len(placeholders))
	for _, p := range placeholders {
		if digits, ok := phoneDigits(nil, p); ok {
			refused[string(digits)] = true
		}
	}
	return mip.Rule{
		Code:  CodePhoneInvalid,
		Doc:   "A telephone number is not a placeholder and could be dialled.",
		Limit: "6–15 digits (ITU-T E.164)",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			phone := strings.TrimSpace(s.Order.ShipTo.Phone)
			if phone == "" {
				return
			}
			raw, ok := phoneDigits(make([]byte, 0, 32), phone)
			digits := string(raw)
			if ok && !refused[digits] && !placeholder(nationalPart(phone, digits, countryOf(&s.Order))) {
				return
			}
			report(judged(CodePhoneInvalid, "shipTo.phone", phone))
		},
	}
}

// phoneDigits appends the digits of a number without its extension, and
// reports whether the number has a form that can be dialled.
func phoneDigits(digits []byte, phone string) ([]byte, bool) {
	phone = strings.ToLower(phone)
	if i := strings.IndexAny(phone, "x#e"); i > 0 { // "x12", "ext. 12"
		phone = phone[:i]
	}
	for i, c := range phone {
		switch {
		case c >= '0' && c <= '9':
			digits = append(digits, byte(c))
		case c == '+' && i == 0, strings.ContainsRune(" -./()\u00a0\u2010\u2011\u2013", c):
		default:
			return digits, false
		}
	}
	n := len(strings.TrimPrefix(string(digits), "00"))
	return digits, n >= 6 && n <= 15
}

// nationalPart takes the international prefix off.
func nationalPart(phone, digits, country string) string {
	dial := countries[country].dial
	rest, international := strings.CutPrefix(digits, "00")
	if strings.HasPrefix(phone, "+") {
		rest, international = digits, true
	}
	if international && dial != "" && !allSame(digits) {
		return strings.TrimPrefix(rest, dial)
	}
	return digits
}

func placeholder(digits string) bool {
	const up = "01234567890"
	return allSame(digits) || len(digits) >= 6 && strings.Contains(up, digits)
}

func allSame(digits string) bool {
	return digits != "" && strings.Count(digits, digits[:1]) == len(digits)
}
