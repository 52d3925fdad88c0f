package lang_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/lang"
)

func one(text string) fstest.MapFS { return fstest.MapFS{"x.json": {Data: []byte(text)}} }

func TestNew(t *testing.T) {
	t.Run("a language is added by a file, with English behind it", func(t *testing.T) {
		c, err := lang.New(one(`{"language":"sv","states":{"shipped":"Skickad"},"codes":{"product.inactive":{"title":"Kan inte längre beställas[: {skus}].","fix":"Ersätt."}}}`))
		require.NoError(t, err)
		assert.ElementsMatch(t, append(lang.Languages(), "sv"), c.Languages())
		assert.IsIncreasing(t, c.Languages()[1:], "English first, the others by name")
		sv := c.For("sv-FI")
		assert.Equal(t, "sv", sv.Language())
		assert.Equal(t, "Skickad", sv.State(mip.StateShipped))
		assert.Equal(t, "Delivered", sv.State(mip.StateDelivered))
		assert.Equal(t, "Kan inte längre beställas: A.", sv.Finding(mip.Finding{Code: "product.inactive", Params: map[string]string{"skus": "A"}}).Title)
		assert.Equal(t, "The city is missing.", sv.Finding(mip.Finding{Code: "address.city_missing"}).Title)
		assert.Equal(t, "Look at the details of the order.", sv.Finding(mip.Finding{Code: "none"}).Fix)
		assert.Equal(t, "€1.00", sv.Money(mip.EUR(1_00)))
		assert.Equal(t, "en", lang.For("sv").Language(), "the package's own texts stay as they are")
	})
	t.Run("texts are added to a language, and the last one counts", func(t *testing.T) {
		c, err := lang.New(
			one(`{"language":"de","codes":{"acme.glass":{"title":"Glas.","fix":"Nicht senden."}},"states":{"shipped":"Raus"}}`),
			one(`{"language":"de","states":{"shipped":"Unterwegs"}}`))
		require.NoError(t, err)
		assert.Equal(t, lang.Message{Title: "Glas.", Fix: "Nicht senden."}, c.For("de").Finding(mip.Finding{Code: "acme.glass"}))
		assert.Equal(t, "Unterwegs", c.For("de").State(mip.StateShipped))
		assert.Equal(t, "Storniert", c.For("de").State(mip.StateCancelled))
		assert.Equal(t, "Versandt", lang.For("de").State(mip.StateShipped))
	})
	for name, text := range map[string]string{
		"not JSON":                           `{`,
		"two values":                         `{"language":"nl"}{}`,
		"a field that is not known":          `{"language":"nl","colour":"red"}`,
		"no language":                        `{}`,
		"not a language":                     `{"language":"!!"}`,
		"a placeholder that may be missing":  `{"language":"nl","codes":{"a.b":{"title":"x {y}","fix":"z"}}}`,
		"an optional part without an end":    `{"language":"nl","codes":{"a.b":{"title":"x [{y}","fix":"z"}}}`,
		"an optional part within another":    `{"language":"nl","codes":{"a.b":{"title":"x [a [{y}]]","fix":"z"}}}`,
		"an optional part that never varies": `{"language":"nl","codes":{"a.b":{"title":"x [a]","fix":"z"}}}`,
		"a placeholder without an end":       `{"language":"nl","codes":{"a.b":{"title":"x [{y]","fix":"z"}}}`,
		"a placeholder without a beginning":  `{"language":"nl","codes":{"a.b":{"title":"x [y} {z}]","fix":"z"}}}`,
		"a placeholder without a name":       `{"language":"nl","codes":{"a.b":{"title":"x [{|a}]","fix":"z"}}}`,
		"a kind that is not known":           `{"language":"nl","codes":{"a.b":{"title":"x [{y:float}]","fix":"z"}}}`,
		"a title that may be empty":          `{"language":"nl","codes":{"a.b":{"title":"[{y}]","fix":"z"}}}`,
		"no fix":                             `{"language":"nl","codes":{"a.b":{"title":"x"}}}`,
	} {
		t.Run("refused: "+name, func(t *testing.T) {
			_, err := lang.New(one(text))
			require.ErrorIs(t, err, mip.ErrInvalid)
		})
	}
}

func FuzzNew(f *testing.F) {
	f.Add("x [a {b|c:money} d] e")
	f.Add("[{a}{b}]")
	f.Fuzz(func(t *testing.T, title string) {
		text, err := jsonOf(title)
		if err != nil {
			return
		}
		c, err := lang.New(one(text))
		if err != nil {
			assert.ErrorIs(t, err, mip.ErrInvalid)
			return
		}
		m := c.For("nl").Finding(mip.Finding{Code: "a.b", Path: "shipTo.city", Params: map[string]string{"b": "1.00"}})
		assert.NotEmpty(t, m.Title)
	})
}
