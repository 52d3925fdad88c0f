package shopify

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/mip"
)

// maxInput is the longest list in a mutation. Shopify: 250.
const maxInput = 250

// ship creates the fulfillments for the pieces of one parcel: one for each
// location, since Shopify refuses to mix them.
func (s *Shop) ship(ctx context.Context, w *wireWork, p step) error {
	type taskLine struct{ task, line string }
	amount := map[taskLine]int{}
	places := map[string][]taskLine{}
	need := maps.Clone(p.take)
	for _, t := range w.Routes.Nodes {
		if !shippable(t.Status, t.Actions) {
			continue
		}
		place := t.ID // no location any more: by itself
		if t.Assigned.Location != nil {
			place = t.Assigned.Location.ID
		}
		for i, l := range t.Lines.Nodes {
			id := tail("LineItem", l.Line.ID)
			n := min(need[id], l.Left)
			if n <= 0 {
				continue
			}
			need[id] -= n
			t.Lines.Nodes[i].Left -= n
			at := taskLine{t.ID, l.ID}
			amount[at] = n
			places[place] = append(places[place], at)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(places)) {
		for lines := range slices.Chunk(places[place], maxInput) {
			byTask := map[string][]map[string]any{}
			for _, l := range lines {
				byTask[l.task] = append(byTask[l.task], map[string]any{"id": l.line, "quantity": amount[l]})
			}
			var input []map[string]any
			for _, task := range slices.Sorted(maps.Keys(byTask)) {
				input = append(input, map[string]any{"fulfillmentOrderId": task, "fulfillmentOrderLineItems": byTask[task]})
			}
			f := map[string]any{"lineItemsByFulfillmentOrder": input, "notifyCustomer": !s.config.Quiet}
			if p.Number != "" {
				f["trackingInfo"] = trackingInput([]track{s.track(p.Parcel)})
			}
			if err := s.write(ctx, docShip, map[string]any{"f": f}); err != nil {
				return err
			}
		}
	}
	return nil
}

// usual are the carriers by the names that suppliers and Shopify have for them.
var usual = channels.UsualCarriers()

// track is what a parcel shows: a carrier for which Shopify makes the link, or
// the usual name and page.
func (s *Shop) track(p mip.Parcel) track {
	c, _ := usual.Find(p.Carrier)
	t := track{Company: c.Name, Number: p.Number}
	if code, known := c.Code(channels.Shopify); known {
		t.Company = code
	}
	if s.config.Carrier != nil {
		t.Company = cmp.Or(s.config.Carrier(p.Carrier), t.Company)
	}
	t.Company = spelled(t.Company)
	if u, err := url.Parse(p.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		t.URL = p.URL
	} else if !slices.Contains(companies, t.Company) {
		t.URL = c.URL(p.Number)
	}
	return t
}

// sameTrack: the shop makes a link of its own for carriers that it knows.
func sameTrack(have, want track) bool {
	return have.Number == want.Number && strings.EqualFold(have.Company, want.Company) && (want.URL == "" || have.URL == want.URL)
}

// alike is what Shopify can show of several numbers together: one carrier for
// all, and links for all or none.
func alike(tracks []track) []track {
	tracks = slices.Clone(tracks)
	company, linked := "", true
	for _, t := range tracks {
		company = cmp.Or(company, t.Company)
		linked = linked && t.URL != ""
	}
	for i := range tracks {
		if tracks[i].Company = company; !linked {
			tracks[i].URL = ""
		}
	}
	return tracks
}

// trackingInput is one number, or several that are [alike].
func trackingInput(tracks []track) map[string]any {
	in := map[string]any{}
	var numbers, urls []string
	for _, t := range tracks {
		numbers = append(numbers, t.Number)
		if t.URL != "" {
			urls = append(urls, t.URL)
		}
		if t.Company != "" {
			in["company"] = t.Company
		}
	}
	if len(tracks) == 1 {
		in["number"] = numbers[0]
		if len(urls) == 1 {
			in["url"] = urls[0]
		}
		return in
	}
	in["numbers"] = numbers
	if len(urls) == len(numbers) {
		in["urls"] = urls
	}
	return in
}
