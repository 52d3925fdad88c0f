package bigbuy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// refusal is what a business code means for an order.
type refusal struct {
	code, path string
	autoClear  bool
}

// refusals by business code. ER008 and ER009 are here for a check; after a
// purchase they are no refusals.
func refusals() map[string]refusal {
	return map[string]refusal{
		ERProductNotFound:   {CodeProductNotFound, "lines", false},
		ERVariationRequired: {CodeVariationRequired, "lines", false},
		EROutOfStock:        {CodeOutOfStock, "lines", true},
		ERPostcode:          {CodePostcodeFormat, "shipTo.postcode", false},
		ERFunds:             {mip.CodeInsufficientFunds, "", true},
		ERMinimum:           {CodeBelowMinimum, "lines", false},
		ERExists:            {mip.CodeAlreadyExists, "reference", false},
		ERTryLater:          {mip.CodeTemporary, "", true},
		ERNoCarrier:         {CodeNoCarrier, "shipping", false},
		ERPayment:           {CodePaymentInvalid, "payment", false},
		ERBankwireMinimum:   {CodeBankwireMinimum, "payment", false},
		ERExport:            {CodeExportNotAllowed, "shipTo.country", false},
		ERPack:              {CodePackInsufficient, "", false},
	}
}

// Findings says what e means for an order, at least one finding. All block:
// nobody here can overrule BigBuy.
func (e *Error) Findings() []mip.Finding {
	switch {
	case e.form == formCode:
		return []mip.Finding{e.coded()}
	case e.form == formProducts:
		return e.products()
	case e.form == formWarehouses:
		return []mip.Finding{e.finding(CodeMultiWarehouse, "lines")}
	case e.form == formFields:
		return merge(e.fields())
	case e.form == formMissing:
		if e.missing() == "product" {
			return []mip.Finding{e.finding(CodeProductNotFound, "lines")}
		}
		return []mip.Finding{e.finding(CodeNoCarrier, "shipping")}
	case e.Status == 400:
		return []mip.Finding{e.finding(CodeDataInvalid, "")}
	}
	return []mip.Finding{e.finding(mip.CodeRefused, "")}
}

func (e *Error) coded() mip.Finding {
	r, ok := refusals()[e.Code]
	if !ok {
		r = refusal{code: mip.CodeRefused}
	}
	f := e.finding(r.code, r.path)
	f.AutoClear = r.autoClear
	return f
}

// finding fills in what BigBuy told. Its own texts stay out: they may repeat
// personal data.
func (e *Error) finding(code, path string) mip.Finding {
	params := map[string]string{}
	set := func(name, value string) {
		if value != "" {
			params[name] = value
		}
	}
	amount := func(name string, m mip.Money) {
		if m.Currency() != "" {
			params[name], params["currency"] = m.Text(), m.Currency()
		}
	}
	set("supplierCode", e.Code)
	set("skus", strings.Join(e.SKUs, ","))
	set("zipExample", e.ZipExample)
	set("orderId", e.OrderID)
	set("warehouse", e.WarehouseID)
	amount("moneyBoxAmount", e.Balance)
	amount("totalOrder", e.Total)
	amount("minimum", e.Minimum)
	var shares []string
	for _, w := range e.Warehouses {
		shares = append(shares, w.ID+": "+strings.Join(w.SKUs, ","))
	}
	set("warehouses", strings.Join(shares, "; "))
	return mip.Finding{Code: code, Path: path, Params: params, Severity: mip.Blocking}
}

func (e *Error) products() []mip.Finding {
	byCode := map[string][]string{}
	for _, p := range e.Products {
		code := CodeProductError
		if strings.Contains(strings.ToLower(p.Reason), "inactive") {
			code = CodeProductInactive
		}
		byCode[code] = append(byCode[code], p.SKU)
	}
	var out []mip.Finding
	for _, code := range []string{CodeProductInactive, CodeProductError} {
		if skus := byCode[code]; len(skus) > 0 {
			f := e.finding(code, "lines")
			f.Params["skus"] = strings.Join(skus, ",")
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		out = append(out, e.finding(CodeProductError, "lines"))
	}
	return out
}

// paths leads from BigBuy's form to the order's fields.
func paths() map[string]string {
	return map[string]string{
		"firstName": "shipTo.firstName", "lastName": "shipTo.lastName", "country": "shipTo.country",
		"isoCountry": "shipTo.country", "postcode": "shipTo.postcode", "town": "shipTo.city",
		"address": "shipTo.line1", "phone": "shipTo.phone", "email": "shipTo.email",
		"companyName": "shipTo.company", "vatNumber": "shipTo.vatNumber", "comment": "note",
		"internalReference": "reference", "paymentMethod": "payment", "carriers": "shipping",
		"products": "lines", "language": "language",
	}
}

var (
	limitPattern = regexp.MustCompile(`([0-9]+) characters`)
	maskPattern  = regexp.MustCompile(`'([^']{1,20})'`)
)

func (e *Error) fields() []mip.Finding {
	var out []mip.Finding
	for _, field := range e.Fields {
		path, leaf := "", ""
		for _, name := range strings.Split(field.Path, ".") {
			if p, ok := paths()[name]; ok {
				path, leaf = p, name
			}
		}
		said := strings.ToLower(field.Message)
		long, blank := strings.Contains(said, "too long"), strings.Contains(said, "blank") || strings.Contains(said, "empty")
		code := CodeDataInvalid
		switch {
		case leaf == "address" && long:
			code = CodeAddressTooLong
		case long:
			code = CodeFieldTooLong
		case leaf == "postcode" && !blank:
			code = CodePostcodeFormat
		case leaf == "phone" && blank:
			code = CodePhoneMissing
		case leaf == "email" && blank:
			code = CodeEmailMissing
		case leaf == "paymentMethod":
			code = CodePaymentInvalid
		}
		f := mip.Finding{Code: code, Path: path, Severity: mip.Blocking, Params: map[string]string{"field": field.Path}}
		if m := limitPattern.FindStringSubmatch(field.Message); m != nil {
			f.Params["limit"] = m[1]
		}
		if m := maskPattern.FindStringSubmatch(field.Message); m != nil && code == CodePostcodeFormat {
			f.Params["zipExample"] = m[1]
		}
		out = append(out, f)
	}
	return out
}

// merge joins findings of one code and path, so that two warehouses without
// stock name all their SKUs in one.
func merge(findings []mip.Finding) []mip.Finding {
	var out []mip.Finding
	for _, f := range findings {
		i := slices.IndexFunc(out, func(g mip.Finding) bool { return g.Code == f.Code && g.Path == f.Path })
		if i < 0 {
			out = append(out, f)
			continue
		}
		for name, value := range f.Params {
			switch have := out[i].Params[name]; {
			case have == "":
				out[i].Params[name] = value
			case have != value && (name == "skus" || name == "warehouse" || name == "field"):
				out[i].Params[name] = have + "," + value
			}
		}
	}
	return out
}
