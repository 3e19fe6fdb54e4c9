export { cleanCas, validCas } from './cas.js';
export { cleanDivision, divisionCode, validDivision } from './division.js';
export { cleanIdNo, idNoBirthday, validIdNo } from './id-no.js';
export { cleanIndustry, industryCode, validIndustry } from './industry.js';
export { cleanLicenceNo, validLicenceNo } from './licence-no.js';
export { cleanOrgCode, orgCodeOf, validOrgCode } from './org-code.js';
export { cleanPermitNo, permitSite, permitUscc, validPermitNo } from './permit-no.js';
export { cleanRegNo, validRegNo } from './reg-no.js';
export { cleanUscc, repairUscc, usccOrgCode, validUscc } from './uscc.js';
