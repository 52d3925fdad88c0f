package rules

// The codes of the standard rules' findings. [All] says what each means.
const (
	CodeDataInvalid = "data.invalid"

	CodeNameMissing      = "address.name_missing"
	CodeStreetMissing    = "address.street_missing"
	CodeCityMissing      = "address.city_missing"
	CodePostcodeMissing  = "address.postcode_missing"
	CodePostcodeFormat   = "address.postcode_format"
	CodeCountryMissing   = "address.country_missing"
	CodeCountryInvalid   = "address.country_invalid"
	CodeCountryNotServed = "address.country_not_served"
	CodeAddressTooLong   = "address.too_long"
	CodeFieldTooLong     = "field.too_long"

	CodePhoneMissing = "contact.phone_missing"
	CodePhoneInvalid = "contact.phone_invalid"
	CodeEmailMissing = "contact.email_missing"
	CodeEmailInvalid = "contact.email_invalid"

	CodeAnonymised   = "order.anonymised"
	CodeLinesMissing = "order.lines_missing"
	CodeForeignLines = "order.foreign_lines"
	CodeBelowMinimum = "order.below_minimum"

	CodeLineIDMissing   = "line.id_missing"
	CodeLineIDDuplicate = "line.id_duplicate"
	CodeLineQuantity    = "line.quantity_invalid"

	CodeNotMapped         = "product.not_mapped"
	CodeProductNotFound   = "product.not_found"
	CodeVariationRequired = "product.variation_required"
	CodeProductInactive   = "product.inactive"
	CodeOutOfStock        = "stock.out_of_stock"

	CodeBelowWholesale   = "price.below_wholesale"
	CodeAboveMaximum     = "price.above_maximum"
	CodeCurrencyMismatch = "money.currency_mismatch"

	CodeNoCarrier         = "shipping.no_carrier"
	CodeServiceUnmapped   = "shipping.service_unmapped"
	CodePickupUnsupported = "shipping.pickup_unsupported"

	CodeExportNotAllowed = "export.not_allowed"
	CodeExportInvoice    = "export.invoice_required"
)
