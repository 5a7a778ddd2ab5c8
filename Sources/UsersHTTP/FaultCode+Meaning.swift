import Users

extension FaultCode {
    /// What it says of a member, for the page of `validation_failed`.
    var meaning: String {
        switch self {
        case .required: "The member must be there."
        case .wrongType: "The member has another JSON type than its own."
        case .readOnly: "The member is set by the service, or elsewhere."
        case .tooShort: "The text has too few characters."
        case .tooLong: "The text has too many characters."
        case .tooLarge: "The JSON text of the member has too many octets."
        case .outOfRange: "The number lies outside its range."
        case .invalidID: "The text is not a UUID."
        case .invalidEmail: "The text is not an e-mail address."
        case .invalidDisplayName: "The name has code points that a name does not have."
        case .invalidLocale: "The text is not a language tag (BCP 47)."
        case .invalidTimeZone: "The text is not the name of a time zone (IANA)."
        case .invalidExternalID: "The external id has control characters."
        case .invalidStatus: "The status is neither active nor disabled."
        case .invalidRole: "The text is not the name of a role."
        case .unknownRole: "There is no role of this name."
        case .invalidPermission: "The text is not the name of a permission."
        case .tooManyRoles: "There are more roles than a user may hold."
        case .invalidMetadata: "The database cannot keep the metadata."
        case .invalidTerm: "The text to search for has code points that no name has."
        case .passwordPredictable: "The password consists of runs and repeats."
        case .passwordCommon: "The password is one that many people have chosen."
        case .passwordContainsEmail: "The password has the address's local part in it."
        case .passwordContainsName: "The password has the display name in it."
        }
    }
}
