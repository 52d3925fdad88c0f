package rules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func BenchmarkCleanOrder(b *testing.B) {
	set, s := rules.Default(), clean()
	b.ReportAllocs()
	for b.Loop() {
		if len(mip.Evaluate(s, set)) != 0 {
			b.Fatal("not clean")
		}
	}
}

func TestACleanOrderCostsLittle(t *testing.T) {
	s := clean()
	for _, r := range rules.Without(every(), rules.CodeBelowWholesale, mip.CodeInsufficientFunds, rules.CodeBelowMinimum, rules.CodeAboveMaximum) {
		allocs := testing.AllocsPerRun(100, func() { r.Check(s, func(mip.Finding) {}) })
		assert.LessOrEqual(t, allocs, 2.0, "%s allocates on a clean order", r.Code)
	}
}
