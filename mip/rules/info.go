package rules

import (
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// Info describes one finding code.
type Info struct {
	Code      string
	Doc       string       // what the finding means, one sentence
	Limit     string       // the limit with its source; may be empty
	Severity  mip.Severity // as it is usually reported
	AutoClear bool         // the cause can go away without a person
	Fix       string       // what to do about it, one sentence
	// Params are the names that the finding's params may have; each may be
	// missing. Their values are plain text; amounts are numbers as
	// [mip.Money.Text] prints them, in the currency of the param "currency".
	// A supplier's refusal may carry more, in its own names.
	Params []string
	By     string // who reports it: "rule", "engine" or "supplier"
}

// All returns every finding code of this module, grouped by its first word:
// those of the standard rules, of the state machine and the engine, and of
// suppliers' refusals. The slice is the caller's own.
func All() []Info {
	out := slices.Concat(orderInfos, addressInfos, productInfos, moneyInfos, shippingInfos, supplierInfos)
	for i := range out {
		out[i].Params = slices.Clone(out[i].Params)
	}
	slices.SortStableFunc(out, func(a, b Info) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// Lookup returns what a code means; ok is false for a code that [All] lacks.
func Lookup(code string) (info Info, ok bool) {
	info, ok = byCode[code]
	info.Params = slices.Clone(info.Params)
	return info, ok
}

// byCode is built once and only read afterwards.
var byCode = func() map[string]Info {
	out := map[string]Info{}
	for _, info := range All() {
		out[info.Code] = info
	}
	return out
}()

// Table returns [All] as a Markdown table.
func Table() string {
	var b strings.Builder
	b.WriteString("| code | severity | meaning | limit | what to do | params | by |\n|---|---|---|---|---|---|---|\n")
	for _, i := range All() {
		severity := string(i.Severity)
		if i.AutoClear {
			severity += ", clears by itself"
		}
		cells := []string{"`" + i.Code + "`", severity, i.Doc, i.Limit, i.Fix, strings.Join(i.Params, ", "), i.By}
		for j, c := range cells {
			cells[j] = strings.ReplaceAll(c, "|", `\|`)
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return b.String()
}
