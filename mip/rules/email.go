package rules

import (
	"strings"

	"github.com/openmip/openmip/mip"
)

// EmailPresent checks that there is an e-mail address (BigBuy requires one).
// Its code is [CodeEmailMissing].
func EmailPresent() mip.Rule {
	return mip.Rule{
		Code: CodeEmailMissing,
		Doc:  "Whoever receives the parcel can be written to.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if blank(s.Order.ShipTo.Email) {
				report(finding(CodeEmailMissing, "shipTo.email"))
			}
		},
	}
}

// EmailValid checks the form of an e-mail address. Relay addresses of
// marketplaces are as good as any. Its code is [CodeEmailInvalid].
func EmailValid() mip.Rule {
	return mip.Rule{
		Code: CodeEmailInvalid,
		Doc:  "An e-mail address has the form of one.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			email := strings.TrimSpace(s.Order.ShipTo.Email)
			if email == "" || plainEmail(email) || validate.Var(email, "email") == nil {
				return
			}
			report(finding(CodeEmailInvalid, "shipTo.email"))
		},
	}
}

// plainEmail is the fast way to a yes for the usual addresses; a no means that
// the validator has to look.
func plainEmail(s string) bool {
	local, domain, found := strings.Cut(s, "@")
	if !found || len(local) > 64 || len(domain) > 253 || !dotted(local, "_+-") {
		return false
	}
	top := domain[strings.LastIndexByte(domain, '.')+1:]
	if top == domain || len(top) < 2 {
		return false
	}
	for i := range len(top) {
		if c := top[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return dotted(domain, "")
}

// dotted reports whether s is ASCII letters, digits and extra characters in
// parts between dots, none of them empty.
func dotted(s, extra string) bool {
	part := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte(extra, c) >= 0:
			part++
		case c == '.' && part > 0:
			part = 0
		default:
			return false
		}
	}
	return part > 0
}
