package bigbuy

// Finding codes that BigBuy's refusals use beyond those of package mip. They
// are the same words as in the standard rules, so that a rule and a refusal
// about one cause read alike.
const (
	CodeAddressTooLong    = "address.too_long"
	CodeFieldTooLong      = "field.too_long"
	CodePostcodeFormat    = "address.postcode_format"
	CodePhoneMissing      = "contact.phone_missing"
	CodeEmailMissing      = "contact.email_missing"
	CodeOutOfStock        = "stock.out_of_stock"
	CodeProductNotFound   = "product.not_found"
	CodeVariationRequired = "product.variation_required"
	CodeProductInactive   = "product.inactive"
	CodeProductError      = "product.error"
	CodeBelowMinimum      = "order.below_minimum"
	CodeNoCarrier         = "shipping.no_carrier"
	CodeMultiWarehouse    = "shipping.multi_warehouse"
	CodePaymentInvalid    = "payment.method_invalid"
	CodeBankwireMinimum   = "payment.bankwire_minimum"
	CodeExportNotAllowed  = "export.not_allowed"
	CodePackInsufficient  = "account.pack_insufficient"
	CodeDataInvalid       = "data.invalid"
)
