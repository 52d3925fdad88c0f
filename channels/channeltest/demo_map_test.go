package channeltest_test

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

func defect(f *mip.Facts, path string) {
	f.Defects = append(f.Defects, mip.Finding{Code: mip.CodeUnreadable, Path: path, Severity: mip.Blocking})
}

// facts maps an order; false drops it, which only bugs do.
func (d *demo) facts(o wireOrder) (mip.Facts, bool) {
	f := mip.Facts{
		Ref: mip.Ref{Channel: d.name, ID: o.ID}, Number: o.Number, Service: o.Service, Note: o.Note,
		CreatedAt: o.Created.UTC(), UpdatedAt: o.Updated.UTC(),
	}
	known := false
	if f.Demand, known = demandOf(o.Status); !known {
		if defect(&f, "status"); d.has("unknown status is shipped") {
			f.Demand, f.Defects = mip.DemandShip, nil
		}
	}
	if o.ShipTo != nil {
		f.ShipTo = *o.ShipTo
	} else if d.has("missing address panics") {
		f.ShipTo = *o.ShipTo
	}
	var err error
	if f.Total, err = mip.ParseMoney(o.Total, o.Currency); err != nil {
		defect(&f, "total")
	}
	if f.Postage, err = mip.ParseMoney(o.Postage, o.Currency); err != nil {
		defect(&f, "postage")
	}
	for i, l := range o.Lines {
		f.Lines = append(f.Lines, d.line(&f, i, l, o.Currency))
	}
	if d.has("an order without lines panics") {
		f.Service = cmp.Or(f.Service, f.Lines[0].Title)
		_ = f.Lines[0]
	}
	if len(f.Defects) > 0 {
		f.Raw = o.raw
	}
	return d.spoil(f, o)
}

func (d *demo) line(f *mip.Facts, i int, w wireLine, currency string) mip.Line {
	l := mip.Line{ID: w.ID, Title: w.Title, Cancelled: w.Refunded, Shipped: w.Sent}
	if w.SKU != nil {
		l.SKU = *w.SKU
	} else if d.has("optional is required") {
		defect(f, fmt.Sprintf("lines[%d].sku", i))
	}
	var err error
	if l.Quantity, err = strconv.Atoi(w.Pieces.String()); err != nil {
		if x, err := w.Pieces.Float64(); d.has("rounded quantity") && err == nil {
			l.Quantity = int(x)
		} else {
			defect(f, fmt.Sprintf("lines[%d].pieces", i))
		}
	}
	if w.Total == "" && d.has("a missing amount is nought") {
		w.Total = "0"
	}
	if l.Total, err = mip.ParseMoney(w.Total, currency); err != nil {
		defect(f, fmt.Sprintf("lines[%d].total", i))
	}
	return l
}

// spoil is where bugs in the mapping live.
func (d *demo) spoil(f mip.Facts, o wireOrder) (mip.Facts, bool) {
	f = d.spoilLines(f, o)
	switch d.bug {
	case "bad order is dropped":
		return f, len(f.Defects) == 0
	case "hidden defect":
		f.Defects = nil
	case "defect without raw":
		f.Raw = nil
	case "lost phone":
		f.ShipTo.Phone = ""
	case "lost second address line":
		f.ShipTo.Line2 = ""
	case "cut at 70 characters":
		if len(f.Note) > 70 {
			f.Note = f.Note[:70]
		}
	case "cut at 64 KiB":
		f.Note = f.Note[:min(len(f.Note), 64<<10)]
	case "escaped text":
		f.ShipTo.FirstName = strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(f.ShipTo.FirstName)
	case "control characters removed":
		f.Note = strings.Map(func(r rune) rune {
			if r < ' ' || r > 0x2000 && r < 0x2070 {
				return -1
			}
			return r
		}, f.Note)
	case "buyers are known by their e-mail":
		known, _ := d.kept.LoadOrStore(f.ShipTo.Email, f.ShipTo)
		f.ShipTo = known.(mip.Address)
	case "wrong id":
		f.Ref.ID = strings.TrimPrefix(o.Number, "#") + "0"
	case "number as id":
		f.Ref.ID = o.Number
	case "wrong line ids":
		for i := range f.Lines {
			f.Lines[i].ID = f.Lines[i].SKU
		}
	case "unit price for line total":
		for i, l := range f.Lines {
			if l.Quantity > 1 {
				f.Lines[i].Total = mip.EUR(l.Total.Amount().Shift(2).IntPart() / int64(l.Quantity))
			}
		}
	case "local time":
		f.UpdatedAt = f.UpdatedAt.In(time.FixedZone("shop", 3600))
	case "refund ignored":
		for i := range f.Lines {
			f.Lines[i].Cancelled = 0
		}
	case "unpaid is shipped":
		f.Demand = cmp.Or(map[mip.Demand]mip.Demand{mip.DemandUnpaid: mip.DemandShip}[f.Demand], f.Demand)
	case "unpaid for ever":
		f.Demand = mip.DemandUnpaid
	case "closed orders are shipped":
		if f.Demand == mip.DemandClosed {
			f.Demand = mip.DemandShip
		}
	case "own demand word":
		f.Demand = mip.Demand(o.Status)
	case "echo is a cancellation":
		if o.Shown != "" {
			f.Demand = mip.DemandCancel
		}
	case "first address for ever":
		if d.count.Add(1) > 1 {
			f.ShipTo.Line1 = "Calle del Ejemplo 12"
		}
	case "empty shop invents an order":
		f.Ref.ID += "x"
	}
	return f, o.Status != "dropped"
}
