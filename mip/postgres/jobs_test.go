package postgres

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
)

func TestBuyingOutranksTrackingAndTrackingOutranksReports(t *testing.T) {
	t.Parallel()
	var all []int32
	for _, k := range mip.EffectKinds() { // the most urgent first
		all = append(all, priority(k))
	}
	assert.True(t, slices.IsSorted(all), "%v", all)
	assert.Equal(t, int32(1), priority(mip.EffectSubmit))
	assert.Greater(t, priority(mip.EffectTrack), priority(mip.EffectSubmit))
	assert.Equal(t, int32(4), all[len(all)-1], "River knows four")
}
