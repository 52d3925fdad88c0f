package lang_test

import (
	"encoding/json"
	"fmt"
	"testing/fstest"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/lang"
)

func jsonOf(title string) (string, error) {
	b, err := json.Marshal(map[string]any{"language": "nl", "codes": map[string]any{"a.b": map[string]string{"title": title, "fix": "f"}}})
	return string(b), err
}

// Why an order waits, in the language of a browser.
func ExampleFor() {
	texts := lang.For("de-AT,de;q=0.9,en;q=0.5")
	m := texts.Finding(mip.Finding{
		Code:   "address.postcode_format",
		Path:   "shipTo.postcode",
		Params: map[string]string{"example": "10115"},
	})
	fmt.Println(texts.State(mip.StatePendingReview))
	fmt.Println(m.Title)
	fmt.Println(m.Fix)
	// Output:
	// Ausstehende Prüfung
	// Die Postleitzahl hat nicht die Form, die im Land üblich ist.
	// Die Postleitzahl berichtigen; sie sollte aussehen wie 10115.
}

// Texts for a rule of one's own.
func ExampleNew() {
	own := fstest.MapFS{"en.json": {Data: []byte(`{
		"language": "en",
		"codes": {"acme.no_glass_abroad": {
			"title": "Glass is not sent abroad[: {skus}].",
			"fix":   "Refund the buyer."
		}}
	}`)}}
	catalogue, err := lang.New(own)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := catalogue.For("en").Finding(mip.Finding{Code: "acme.no_glass_abroad", Params: map[string]string{"skus": "S0000009"}})
	fmt.Println(m.Title, m.Fix)
	// Output: Glass is not sent abroad: S0000009. Refund the buyer.
}

func ExampleTexts_Money() {
	fmt.Println(lang.For("en").Money(mip.EUR(1234_50)))
	fmt.Printf("%q\n", lang.For("de").Money(mip.EUR(1234_50)))
	// Output:
	// €1,234.50
	// "1.234,50\u00a0€"
}
