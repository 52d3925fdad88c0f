package rules

import (
	"strings"

	"github.com/openmip/openmip/mip"
)

// Name checks that there is a first or a last name. Its code is
// [CodeNameMissing].
func Name() mip.Rule {
	return mip.Rule{
		Code: CodeNameMissing,
		Doc:  "A parcel is addressed to somebody by name.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if a := &s.Order.ShipTo; blank(a.FirstName) && blank(a.LastName) {
				report(finding(CodeNameMissing, "shipTo.lastName"))
			}
		},
	}
}

// FullName checks that there is a first and a last name, which BigBuy's order
// form requires. Where one field holds all of a name, it suggests to split it
// before the last word. Its code is that of [Name], whose place it takes.
func FullName() mip.Rule {
	return mip.Rule{
		Code: CodeNameMissing,
		Doc:  "A parcel is addressed to somebody by first and last name.",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			a := &s.Order.ShipTo
			first, last := blank(a.FirstName), blank(a.LastName)
			if !first && !last {
				return
			}
			suggestion := splitName(a.FirstName + a.LastName)
			if last {
				f := finding(CodeNameMissing, "shipTo.lastName")
				f.Suggestion = suggestion
				report(f)
			}
			if first {
				f := finding(CodeNameMissing, "shipTo.firstName")
				f.Suggestion = suggestion
				report(f)
			}
		},
	}
}

func splitName(name string) map[string]string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return nil
	}
	return map[string]string{
		"shipTo.firstName": strings.Join(words[:len(words)-1], " "),
		"shipTo.lastName":  words[len(words)-1],
	}
}
