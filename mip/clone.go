package mip

import (
	"maps"
	"slices"
)

// Clone returns a copy that shares nothing with o that can be modified.
func (o Order) Clone() Order {
	o.Facts = cloneFacts(o.Facts)
	o.Findings = cloneFindings(o.Findings)
	o.Overrides = slices.Clone(o.Overrides)
	o.Attempts = slices.Clone(o.Attempts)
	for i := range o.Attempts {
		o.Attempts[i].Items = slices.Clone(o.Attempts[i].Items)
	}
	o.Placements = slices.Clone(o.Placements)
	for i := range o.Placements {
		p := &o.Placements[i]
		p.Items = slices.Clone(p.Items)
		p.Parcels = cloneParcels(p.Parcels)
	}
	o.Shipping, o.EarlierRefs = slices.Clone(o.Shipping), slices.Clone(o.EarlierRefs)
	if o.Theirs != nil {
		theirs := *o.Theirs
		o.Theirs = &theirs
	}
	o.Quote.Parts = slices.Clone(o.Quote.Parts)
	for i := range o.Quote.Parts {
		o.Quote.Parts[i].SKUs = slices.Clone(o.Quote.Parts[i].SKUs)
	}
	o.Quote.Refusals = cloneFindings(o.Quote.Refusals)
	o.Reported.Parcels = cloneParcels(o.Reported.Parcels)
	return o
}

func cloneFacts(f Facts) Facts {
	f.Lines = slices.Clone(f.Lines)
	f.Defects = cloneFindings(f.Defects)
	f.Raw = slices.Clone(f.Raw)
	return f
}

func cloneFindings(in []Finding) []Finding {
	out := slices.Clone(in)
	for i := range out {
		out[i].Params = maps.Clone(out[i].Params)
		out[i].Suggestion = maps.Clone(out[i].Suggestion)
	}
	return out
}

func cloneParcels(in []Parcel) []Parcel {
	out := slices.Clone(in)
	for i := range out {
		out[i].Items = slices.Clone(out[i].Items)
	}
	return out
}
