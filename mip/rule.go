package mip

import (
	"cmp"
	"slices"
	"time"
)

// Need is a set of facts that a rule wants gathered before it runs.
type Need uint8

// What a rule may ask for. A rule set in which nobody asks for a fact never
// causes the call that fetches it.
const (
	NeedQuote     Need = 1 << iota // the supplier's check of this order
	NeedFunds                      // what the first payment method has available
	NeedCatalogue                  // catalogue status and stock of the order's SKUs
	NeedAlike                      // other orders of the same goods to the same address
)

// Snapshot is everything a rule may look at. Rules never modify it.
type Snapshot struct {
	Order     Order
	Quote     Quote              // with NeedQuote
	Fee       Money              // with NeedQuote: what paying the quote costs extra; zero value = nothing
	Funds     Funds              // with NeedFunds
	Catalogue map[string]Product // by SKU, with NeedCatalogue; nil = the supplier has none
	Alike     []Order            // with NeedAlike: others of the same [Order.Likeness], the 50 made nearest to it
	Now       time.Time          // UTC
}

// Funds is what a rule may know of the purse.
type Funds struct {
	Available Money // balance less open reservations; zero value = not known
	Fallback  bool  // another payment method stands behind the first
}

// Product is what a supplier's catalogue says of one SKU.
type Product struct {
	SKU       string
	Known     bool  // it exists at all
	Active    bool  // it can still be ordered
	Variants  bool  // a variation's SKU must be ordered instead
	Stock     int   // pieces over all warehouses; −1 = not known
	Wholesale Money // net of tax; zero value = not known
}

// Rule is one check, as a value. Check is pure: same snapshot, same findings,
// from any goroutine. report adds a finding; an empty Code in it stands for
// the rule's own.
type Rule struct {
	Code  string // the code of its findings; stable public API
	Doc   string // one sentence for people: what must hold
	Limit string // the limit with its source, "70 characters (BigBuy)"; may be empty
	Needs Need
	Check func(s Snapshot, report func(Finding))
}

// Needs returns what a set of rules asks for together.
func Needs(rules []Rule) Need {
	var n Need
	for _, r := range rules {
		n |= r.Needs
	}
	return n
}

// Evaluate runs every rule and returns all findings: first the channel's
// defects, why it does not ask for the order as it stands, and the supplier's
// refusals from the quote, then the rules' in order. One code at one path is reported once, by who came first; a
// suggestion and parameters that only the later one has are added to it.
func Evaluate(s Snapshot, rules []Rule) []Finding {
	var c collector
	for _, f := range slices.Concat(s.Order.Defects, s.Order.Withdrawn(), s.Quote.Refusals) {
		c.add(f)
	}
	report := c.report
	for i := range rules {
		c.code = rules[i].Code
		rules[i].Check(s, report)
	}
	return c.findings
}

// collector gathers findings, each once.
type collector struct {
	code     string // of the rule that runs
	findings []Finding
}

func (c *collector) report(f Finding) {
	f.Code = cmp.Or(f.Code, c.code)
	f.Severity = cmp.Or(f.Severity, Blocking)
	c.add(f)
}

func (c *collector) add(f Finding) {
	if i := slices.IndexFunc(c.findings, f.same); i >= 0 {
		c.findings[i] = c.findings[i].with(f)
		return
	}
	c.findings = append(c.findings, f)
}
