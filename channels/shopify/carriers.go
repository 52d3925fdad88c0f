package shopify

import "strings"

// companies are carriers for which Shopify makes links, as it spells them: the
// text of FulfillmentTrackingInfo.company in its schema. Those of Europe.
var companies = []string{
	"ACS Courier", "Amazon Logistics UK", "An Post", "Asendia USA", "BPost", "BPost International", "Bring", "BRT", "Chronopost",
	"Colis Privé", "Colissimo", "Correios", "Correos", "CTT", "CTT Express", "Cyprus Post", "Delnext", "Deutsche Post",
	"DHL", "DHL eCommerce", "DHL Express", "DHL Parcel", "DPD", "DPD Ireland", "DPD Local", "DPD UK", "DX", "Evri", "Fastway", "FedEx",
	"GLS", "GLS Italy", "Hermes", "Iceland Post", "Inpost", "La Poste Colissimo", "Latvia Post", "Lietuvos Paštas", "Mondial Relay",
	"Österreichische Post", "Packeta", "Parcelforce", "Portal PostNord", "Poste Italiane", "PostNL", "PostNord DK", "PostNord NO",
	"PostNord SE", "PTT", "Royal Mail", "SEUR", "Speedy", "Swiship", "Swiss Post", "TNT", "Tuffnells", "UPS", "USPS", "Venipak", "Whistl",
	"Yodel", "Zásilkovna",
}

// spelled is a carrier's name in Shopify's spelling, which alone gives links.
func spelled(name string) string {
	for _, c := range companies {
		if strings.EqualFold(c, strings.TrimSpace(name)) {
			return c
		}
	}
	return name
}
