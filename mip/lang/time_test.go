package lang_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/lang"
)

func TestTimesAndStatesInTexts(t *testing.T) {
	overdue := func(deadline string) mip.Finding {
		return mip.Finding{Code: mip.CodePaymentOverdue, Params: map[string]string{"deadline": deadline}}
	}
	for language, want := range map[string]string{
		"en": "2026-03-01 17:05 UTC", "de": "01.03.2026, 17:05 UTC", "es": "01/03/2026, 17:05 UTC", "fr": "01/03/2026, 17:05 UTC",
		"it": "01/03/2026, 17:05 UTC", "nl": "01-03-2026, 17:05 UTC", "pl": "01.03.2026, 17:05 UTC", "pt": "01/03/2026, 17:05 UTC",
	} {
		assert.Contains(t, lang.For(language).Finding(overdue("2026-03-01T18:05:59+01:00")).Title, want, language)
	}
	assert.Len(t, lang.Languages(), 8, "a language more has a line above")
	assert.Contains(t, lang.For("de").Finding(overdue("bald")).Title, "bald", "what is no time stays as it is")

	refused := mip.Finding{Code: mip.CodeReportRefused, Params: map[string]string{"state": "shipped"}}
	for _, language := range lang.Languages() {
		title := lang.For(language).Finding(refused).Title
		assert.Contains(t, title, lang.For(language).State(mip.StateShipped), language)
		assert.NotContains(t, strings.ToLower(title), "{", language)
	}
}

func TestALayoutThatLosesTheTimeIsRefused(t *testing.T) {
	for _, layout := range []string{"2006-01-02", "15:04", "2006-01-02 03:04", "soon"} {
		_, err := lang.New(one(`{"language":"sv","time":"` + layout + `"}`))
		assert.ErrorIs(t, err, mip.ErrInvalid, layout)
	}
	c, err := lang.New(one(`{"language":"sv","time":"2006-01-02 kl. 15.04"}`))
	require.NoError(t, err)
	f := mip.Finding{Code: mip.CodeShipByPassed, Params: map[string]string{"shipBy": "2026-03-01T17:05:00Z"}}
	assert.Contains(t, c.For("sv").Finding(f).Title, "2026-03-01 kl. 17.05 UTC")
}
