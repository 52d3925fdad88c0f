package woocommerce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	toldKey  = "_openmip_tracking"           // ours: every number ever told, by parcel
	itemsKey = "_wc_shipment_tracking_items" // the extensions' own
)

// extend shows the parcels through a tracking extension. What is going to be
// told is noted in the order first: the extension has no place for a parcel's
// id, and without it a corrected number would stand beside the old one.
func (s *Shop) extend(ctx context.Context, path string, o *order, parcels []mip.Parcel) error {
	var have []struct {
		ID     text `json:"tracking_id"`
		Number text `json:"tracking_number"`
	}
	call := rest.Call{Path: path, Vars: rest.Vars{"id": o.Ref.ID}, Out: &have}
	if _, err := s.do(ctx, call); err != nil {
		return err
	}
	told, err := url.ParseQuery(metaText(o.wire.Meta, toldKey))
	if err != nil {
		told = url.Values{}
	}
	var missing []mip.Parcel
	shown, current := map[string]bool{}, map[string]bool{}
	for _, t := range have {
		shown[string(t.Number)] = true
	}
	for _, p := range parcels {
		current[p.Number] = true
		if shown[p.Number] {
			continue
		}
		shown[p.Number] = true
		missing = append(missing, p)
		if !slices.Contains(told[p.ID], p.Number) {
			told.Add(p.ID, p.Number)
		}
	}
	if err := s.add(ctx, call, o, missing, told); err != nil {
		return err
	}
	for _, p := range parcels {
		for _, t := range have {
			if old := string(t.Number); !current[old] && slices.Contains(told[p.ID], old) {
				vars := rest.Vars{"id": o.Ref.ID, "item": string(t.ID)}
				if _, err := s.do(ctx, rest.Call{Method: "DELETE", Path: path + "/{item}", Vars: vars}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// add writes the note to ourselves and then the entries.
func (s *Shop) add(ctx context.Context, call rest.Call, o *order, parcels []mip.Parcel, told url.Values) error {
	if len(parcels) == 0 {
		return nil
	}
	known, err := s.providers(ctx, call.Path, o)
	if err != nil {
		return err
	}
	if note := told.Encode(); note != metaText(o.wire.Meta, toldKey) {
		meta := []map[string]any{{"key": toldKey, "value": note}}
		if err := s.put(ctx, o.Ref.ID, map[string]any{"meta_data": meta}); err != nil {
			return err
		}
	}
	for _, p := range parcels {
		body := map[string]any{"tracking_number": p.Number}
		if name := p.Carrier; known[strings.ToLower(name)] != "" {
			body["tracking_provider"] = known[strings.ToLower(name)]
		} else {
			body["custom_tracking_provider"], body["custom_tracking_link"] = name, p.URL
		}
		if !p.ShippedAt.IsZero() {
			body["date_shipped"] = p.ShippedAt.UTC().Format(time.DateOnly)
		}
		call.Method, call.Body, call.Out = "POST", body, nil
		if _, err := s.do(ctx, call); err != nil {
			return err
		}
	}
	return nil
}

// providers lists the carriers an extension knows, by their names in lower
// case. It groups them by country. One that has no list knows none.
func (s *Shop) providers(ctx context.Context, path string, o *order) (map[string]string, error) {
	var byCountry part[map[string]part[map[string]json.RawMessage]]
	_, err := s.do(ctx, rest.Call{Path: path + "/providers", Vars: rest.Vars{"id": o.Ref.ID}, Out: &byCountry})
	if err != nil && !errors.Is(err, mip.ErrContract) {
		return nil, err
	}
	out := map[string]string{}
	for _, names := range byCountry.V {
		for name := range names.V {
			out[strings.ToLower(name)] = name
		}
	}
	return out, nil
}

// writeItems keeps the parcels where the extensions do, in one field that is
// read and replaced whole. Our entries have ids made of the parcel's.
func (s *Shop) writeItems(ctx context.Context, o *order, parcels []mip.Parcel) error {
	at := slices.IndexFunc(o.wire.Meta.V, func(m part[wireMeta]) bool { return m.V.Key == itemsKey })
	if at < 0 && s.config.Tracking != TrackMeta {
		return errAbsent
	}
	var items []map[string]any
	if at >= 0 && rest.Decode(o.wire.Meta.V[at].V.Value, &items) != nil {
		return errAbsent
	}
	changed := false
	for _, p := range parcels {
		sum := sha256.Sum256([]byte(p.ID))
		item := map[string]any{"tracking_id": hex.EncodeToString(sum[:16]), "tracking_provider": "",
			"custom_tracking_provider": p.Carrier, "custom_tracking_link": p.URL, "tracking_number": p.Number,
			"date_shipped": s.clock.Now().Unix()}
		if !p.ShippedAt.IsZero() {
			item["date_shipped"] = p.ShippedAt.Unix()
		}
		ours := slices.IndexFunc(items, func(it map[string]any) bool { return it["tracking_id"] == item["tracking_id"] })
		shows := func(it map[string]any) bool { return it["tracking_number"] == p.Number }
		switch {
		case ours >= 0 && shows(items[ours]) && sameWay(items[ours], item):
			continue
		case ours < 0 && slices.ContainsFunc(items, shows): // somebody typed it in
			continue
		case ours >= 0:
			items[ours] = item
		default:
			items = append(items, item)
		}
		changed = true
	}
	if !changed {
		return nil
	}
	return s.put(ctx, o.Ref.ID, map[string]any{"meta_data": []map[string]any{{"key": itemsKey, "value": items}}})
}

// sameWay reports whether two entries name the same carrier and tracking page.
func sameWay(a, b map[string]any) bool {
	return a["custom_tracking_provider"] == b["custom_tracking_provider"] && a["custom_tracking_link"] == b["custom_tracking_link"]
}
