package channels

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/openmip/openmip/mip"
)

// Carrier is a carrier as people and platforms call it.
type Carrier struct {
	Name string // for people, and as free text where a platform has no code
	// Page is the tracking page, with {number} in place of the number; empty =
	// none that works by the number alone. Pages move: an address that the
	// supplier gives goes first.
	Page string
	// Codes are platforms' own words for it, by [Platform]. A platform without
	// one is told Name in its place for free text.
	Codes map[Platform]string
	// Names are other spellings, of the supplier or of its services. Case,
	// blanks, accents and punctuation make no difference.
	Names []string
}

// Platform is a kind of channel that has its own words for carriers.
type Platform string

// The platforms with codes of their own. WooCommerce and PrestaShop take any
// name.
const (
	Shopify Platform = "shopify" // names for which Shopify builds the address (shopify.dev, FulfillmentTrackingInfo)
	Magento Platform = "magento" // the carriers that Magento ships with
	Amazon  Platform = "amazon"  // carrierCode of confirmShipment; any other goes as "Other" with a name
	EBay    Platform = "ebay"    // ShippingCarrierCodeType; any other goes as "Other"
)

// Carriers is a table of carriers; the first that has a name counts. Put your
// own before the usual ones:
//
//	append(channels.Carriers{{Name: "City Bikes"}}, channels.UsualCarriers()...)
type Carriers []Carrier

// Find returns the carrier of that name, in any spelling. An unknown one is
// returned under the name as it was given, with neither page nor codes: free
// text, never a guess.
func (t Carriers) Find(name string) (c Carrier, known bool) {
	wanted := spelling(name)
	for _, c := range t {
		if wanted != "" && slices.ContainsFunc(append([]string{c.Name}, c.Names...), func(n string) bool { return spelling(n) == wanted }) {
			return c, true
		}
	}
	return Carrier{Name: strings.TrimSpace(name)}, false
}

// Parcel returns p with its carrier's name for people, and with a tracking
// page if it has a number and none was given.
func (t Carriers) Parcel(p mip.Parcel) mip.Parcel {
	c, _ := t.Find(p.Carrier)
	p.Carrier = c.Name
	if p.URL == "" {
		p.URL = c.URL(p.Number)
	}
	return p
}

// URL is the tracking page for a number, which is escaped; empty if there is
// no page or no number.
func (c Carrier) URL(number string) string {
	number = strings.TrimSpace(number)
	if c.Page == "" || number == "" {
		return ""
	}
	return strings.ReplaceAll(c.Page, "{number}", strings.ReplaceAll(url.QueryEscape(number), "+", "%20"))
}

// Code returns a platform's own word for the carrier; known is false where the
// platform takes the carrier's name as free text instead.
func (c Carrier) Code(p Platform) (code string, known bool) {
	code, known = c.Codes[p]
	return code, known
}

// spelling is what is left of a name when two spellings are compared.
func spelling(name string) string {
	return strings.Map(func(r rune) rune {
		if plain, ok := accents[unicode.ToLower(r)]; ok {
			return plain
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

var accents = map[rune]rune{'á': 'a', 'à': 'a', 'é': 'e', 'è': 'e', 'í': 'i', 'ó': 'o', 'ò': 'o', 'ú': 'u', 'ü': 'u', 'ö': 'o', 'ä': 'a', 'ñ': 'n', 'ç': 'c'}
