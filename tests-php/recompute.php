<?php
/**
 * Works the figures of a get-ppe-anonymous answer out again, from the request and the answer alone and with
 * nothing of the server: payment, payment stream, PITI, discount points, annual percentage rate.
 *
 * As a library: Recompute::complaints($request, $answer) gives one line for every figure that is off.
 * As a program: php recompute.php request.json answer.json|answer.xml [extra.json]; exit status 1 when one is.
 * extra.json, optional: {"Name of a fee": true|false} for fees the lender itself declares to be finance charges
 * or not; all others follow the table below.
 */

declare(strict_types=1);

final class Recompute
{
    /** Largest difference of an annual rate, in percent: it is shown to three decimals. */
    private const APR_TOLERANCE = 0.001;

    /** What the up-front charges of the programmes are called. */
    private const UPFRONT = ['MIUpfrontPremium', 'VAFundingFee', 'USDARuralDevelopmentGuaranteeFee'];

    /**
     * Types that are no finance charge (12 CFR 1026.4(c), (d), (e)) while nobody states a fact that makes
     * them one; every other type is one, also one that depends on a fact nobody gave.
     */
    private const EXCLUDED = [
        'SurveyFee', 'TitleExaminationFee', 'TitleInsuranceFee', 'TitleLendersCoveragePremium',
        'TitleOwnersCoveragePremium', 'TitleEndorsementFee', 'TitleAbstractFee', 'TitleCertificationFee',
        'TitleInsuranceBinderFee', 'TitleFinalPolicyShortFormFee', 'TitleUnderwritingIssueResolutionFee',
        'TitleServicesSalesTax', 'StateTitleInsuranceFee', 'TitleDocumentPreparationFee', 'DeedPreparationFee',
        'NotaryFee', 'TitleNotaryFee', 'CreditReportFee', 'AppraisalFee', 'AppraisalDeskReviewFee',
        'AppraisalFieldReviewFee', 'AppraisalManagementCompanyFee', 'AVMFee', 'PestInspectionFee',
        'AsbestosInspectionFee', 'DryWallInspectionFee', 'ElectricalInspectionFee', 'EnvironmentalInspectionFee',
        'FoundationInspectionFee', 'HeatingCoolingInspectionFee', 'LeadInspectionFee', 'MoldInspectionFee',
        'PlumbingInspectionFee', 'RadonInspectionFee', 'RoofInspectionFee', 'SepticInspectionFee',
        'SmokeDetectorInspectionFee', 'StructuralInspectionFee', 'WaterTestingFee', 'WellInspectionFee',
        'DisasterInspectionFee', 'ManufacturedHousingInspectionFee', 'FloodCertification', 'TaxStatusResearchFee',
        'PropertyTaxStatusResearchFee', 'RecordingFeeForDeed', 'RecordingFeeForMortgage', 'RecordingFeeForRelease',
        'RecordingFeeForMunicipalLienCertificate', 'RecordingFeeForOtherDocument', 'RecordingFeeForSubordination',
        'RecordingFeeTotal', 'TransferTaxTotal', 'TaxStampForCityDeed', 'TaxStampForCityMortgage',
        'TaxStampForCountyDeed', 'TaxStampForCountyMortgage', 'TaxStampForStateDeed', 'TaxStampForStateMortgage',
        'MortgageSurchargeCountyOrParish', 'MortgageSurchargeMunicipal', 'MortgageSurchargeState',
        'DocumentaryStampFee', 'HomeownersInsurancePremium', 'HazardInsurancePremium', 'FloodInsurancePremium',
        'EarthquakeInsurancePremium', 'HailInsurancePremium', 'VolcanoInsurancePremium',
        'WindAndStormInsurancePremium', 'BoroughPropertyTax', 'CityPropertyTax', 'CountyPropertyTax',
        'DistrictPropertyTax', 'StatePropertyTax', 'TownPropertyTax', 'CondominiumAssociationDues',
        'CondominiumAssociationSpecialAssessment', 'CooperativeAssociationDues',
        'CooperativeAssociationSpecialAssessment', 'HomeownersAssociationDues',
        'HomeownersAssociationSpecialAssessment', 'HomeownersAssociationServiceFee',
        'RealEstateCommissionBuyersBroker', 'RealEstateCommissionSellersBroker', 'HomeWarrantyFee',
        'HomeInspectionFee', 'RepairsFee',
        // Paid into escrow, and no finance charge when paid otherwise: 1026.4(c)(7)(v).
        'AssessmentTax', 'CityBondTax', 'CountyBondTax', 'ParishTax', 'PropertyTax', 'SchoolPropertyTax',
        'TownshipPropertyTax', 'VillagePropertyTax', 'EarthquakeInsurance', 'FloodInsurance', 'HazardInsurance',
        'HomeownersInsurance', 'PestInsurance', 'VolcanoInsurance', 'WindstormInsurance',
    ];

    /** @var list<string> */
    private array $found = [];
    private string $where = '';
    /** Rows looked at, so that an empty answer is not mistaken for a right one. */
    public int $rows = 0;

    /** @param array<string, bool> $declared fees the lender itself declares to be finance charges or not */
    public function __construct(private readonly array $request, private readonly array $declared = [])
    {
    }

    /** @return list<string> */
    public static function complaints(array $request, array $answer, array $declared = []): array
    {
        $run = new self($request, $declared);
        $run->answer($answer);
        if ($run->rows === 0) {
            $run->found[] = 'there is no row to work out';
        }
        return $run->found;
    }

    public function answer(array $answer): void
    {
        $permutations = self::items($answer['permutations'] ?? []);
        foreach ($permutations === [] ? [$answer] : $permutations as $one) {
            foreach (self::items($one['products'] ?? []) as $product) {
                foreach (self::items($product['rates'] ?? []) as $row) {
                    $this->where = "{$one['loanPurpose']} {$one['zipcode']} {$product['productName']} {$row['rate']}";
                    $this->row($this->loan((string) $one['loanPurpose']), $product, $row);
                    $this->rows++;
                }
            }
        }
    }

    /** The base loan in cents, as the text says it follows from the request. */
    private function loan(string $purpose): int
    {
        $of = fn (string $name): int => self::cents($this->request[$name] ?? 0);
        if (($this->request['loanAmount'] ?? '') !== '') {
            return $of('loanAmount');
        }
        return match ($purpose) {
            'Purchase' => $of('homePrice') - $of('downPayment'),
            'Refinance' => $of('downPayment'),
            'RefinanceCashOut' => $of('downPayment') + $of('cashOut'),
        };
    }

    private function row(int $loan, array $product, array $row): void
    {
        $fees = self::items($row['fees'] ?? []);
        $stream = self::items($row['paymentStream'] ?? []);
        $this->points($loan, $row, $fees);
        $note = $loan;
        if (in_array($this->request['financeUFMIP'] ?? 0, [1, '1', true, 'true'], true)) {
            foreach ($fees as $fee) {
                $note += in_array($fee['mismoType'], self::UPFRONT, true) ? self::cents($fee['fee']) : 0;
            }
        }
        $this->parts($row, $stream);
        $this->dates(12 * (int) $product['loanTerm'], $stream);
        $this->payments($note, $product, $row, $stream);
        $this->rate($note, $row, $fees, $stream);
    }

    /** Discount points are half-up cents of the base loan; a lender credit is no fee. */
    private function points(int $loan, array $row, array $fees): void
    {
        $points = self::scaled($row['points'], 3);
        $wanted = $points > 0 ? intdiv(2 * $loan * $points + 100_000, 200_000) : 0;
        $charged = 0;
        foreach ($fees as $fee) {
            $charged += $fee['mismoType'] === 'LoanDiscountPoints' ? self::cents($fee['fee']) : 0;
        }
        $this->same('discount points', $wanted, $charged);
    }

    /** The first month appears three times. */
    private function parts(array $row, array $stream): void
    {
        $first = $stream[0] ?? ['principalAndInterest' => 0, 'mortgageInsurance' => 0];
        $payment = self::cents($row['monthlyPayment']);
        $this->same('PITI, principal and interest', $payment, self::cents($row['piti']['principalAndInterest']));
        $this->same('stream, first payment', $payment, self::cents($first['principalAndInterest']));
        $insurance = self::cents($first['mortgageInsurance']);
        $this->same('PITI, mortgage insurance', $insurance, self::cents($row['piti']['mortgageInsurance']));
        foreach (['propertyTaxes', 'homeownerInsurance'] as $name) {
            $this->holds("PITI, $name", self::cents($row['piti'][$name]) >= 0);
        }
    }

    /** The runs follow each other without a gap and make up the whole term. */
    private function dates(int $months, array $stream): void
    {
        $all = 0;
        $next = null;
        foreach ($stream as $run) {
            $this->holds('stream, a run has payments', (int) $run['numberOfPayments'] > 0);
            $this->holds('stream, dates follow each other', $next === null || $next === $run['startDate']);
            $all += (int) $run['numberOfPayments'];
            $start = new DateTimeImmutable((string) $run['startDate']);
            $next = $start->modify("+{$run['numberOfPayments']} months")->format('Y-m-d');
        }
        $this->same('stream, number of payments', $months, $all);
    }

    /** The first payment by its formula; a fixed loan is paid off to the cent by its stream. */
    private function payments(int $note, array $product, array $row, array $stream): void
    {
        $months = 12 * (int) $product['loanTerm'];
        $payment = self::cents($row['monthlyPayment']);
        $rate = self::scaled($row['rate'], 9);
        if (in_array($product['interestOnly'], [1, '1'], true)) {
            $this->same('payment of interest only', self::interest($note, $rate), $payment);
        } else {
            $monthly = $rate / 1.2e12;
            $level = $rate === 0 ? $note / $months : $note * $monthly / (1 - (1 + $monthly) ** -$months);
            $this->same('level payment', (int) round($level), $payment);
        }
        if ($product['loanAmortizationType'] !== 'Fixed') {
            return;
        }
        $balance = $note;
        foreach ($stream as $run) {
            for ($n = 0; $n < (int) $run['numberOfPayments']; $n++) {
                $balance += self::interest($balance, $rate) - self::cents($run['principalAndInterest']);
            }
        }
        $this->same('balance after the last payment', 0, $balance);
    }

    /** The rate at which the payments are worth what is left of the note after the finance charges. */
    private function rate(int $note, array $row, array $fees, array $stream): void
    {
        $financed = $note;
        foreach ($fees as $fee) {
            $counts = $this->declared[$fee['name']] ?? !in_array($fee['mismoType'], self::EXCLUDED, true);
            $financed -= $counts ? self::cents($fee['fee']) : 0;
        }
        $worth = function (float $monthly) use ($stream): float {
            [$sum, $from] = [0.0, 0];
            foreach ($stream as $run) {
                $count = (int) $run['numberOfPayments'];
                $amount = self::cents($run['principalAndInterest']) + self::cents($run['mortgageInsurance']);
                // An annuity of the run, brought back over the months before it.
                $annuity = abs($monthly) < 1e-12 ? $count : (1 - (1 + $monthly) ** -$count) / $monthly;
                $sum += $amount * $annuity * (1 + $monthly) ** -$from;
                $from += $count;
            }
            return $sum;
        };
        [$low, $high] = [-0.05, 1.0];
        for ($n = 0; $n < 200; $n++) {
            $middle = ($low + $high) / 2;
            if ($worth($middle) > $financed) {
                $low = $middle;
            } else {
                $high = $middle;
            }
        }
        $apr = 1200 * $low;
        $shown = (float) $row['apr'];
        $off = abs($apr - $shown) > self::APR_TOLERANCE;
        $this->holds(sprintf('annual percentage rate: %.5f by the stream, %.5f shown', $apr, $shown), !$off);
    }

    private function same(string $what, int $wanted, int $got): void
    {
        $this->holds("$what: $wanted cents or months by the request, $got shown", $wanted === $got);
    }

    private function holds(string $what, bool $holds): void
    {
        if (!$holds) {
            $this->found[] = "{$this->where}: $what";
        }
    }

    /** A month's interest in cents, half-up; the rate in billionths of a percent. */
    private static function interest(int $balance, int $rate): int
    {
        $thousandths = intdiv($rate, 1_000_000);
        if ($thousandths * 1_000_000 === $rate) {
            return intdiv(2 * $balance * $thousandths + 1_200_000, 2_400_000);
        }
        return (int) round($balance * ($rate / 1.2e12));
    }

    private static function cents(mixed $amount): int
    {
        return self::scaled($amount, 2);
    }

    /** A decimal number as a whole number of its smallest unit, without passing through binary fractions. */
    private static function scaled(mixed $number, int $decimals): int
    {
        // The shortest text of a parsed number is the text it was parsed from.
        $text = is_string($number) ? $number : (string) json_encode($number);
        if (preg_match('/^(-?)(\d+)(?:\.(\d+))?$/', $text, $parts) !== 1) {
            throw new UnexpectedValueException("$text is no decimal number");
        }
        $fraction = str_pad($parts[3] ?? '', $decimals, '0');
        $beyond = substr($fraction, $decimals);
        if (trim($beyond, '0') !== '') {
            throw new UnexpectedValueException("$text has more than $decimals decimals");
        }
        $units = (int) ($parts[2] . substr($fraction, 0, $decimals));
        return $parts[1] === '-' ? -$units : $units;
    }

    /** In XML a list of one looks like the one itself. */
    private static function items(mixed $value): array
    {
        if (!is_array($value) || $value === []) {
            return [];
        }
        return array_is_list($value) ? $value : [$value];
    }
}

if (realpath($argv[0] ?? '') === __FILE__) {
    require_once __DIR__ . '/lender_client.php';
    if (!in_array($argc, [3, 4], true)) {
        fwrite(STDERR, "usage: php recompute.php request.json answer.json|answer.xml [extra.json]\n");
        exit(2);
    }
    $read = fn (string $file): array => json_decode((string) file_get_contents($file), true, 512, JSON_THROW_ON_ERROR);
    $body = (string) file_get_contents($argv[2]);
    $format = str_starts_with(ltrim($body), '<') ? 'xml' : 'json';
    $answer = (new LenderAnswer(200, '', $body, $format))->data;
    $run = new Recompute($read($argv[1]), $argc === 4 ? $read($argv[3]) : []);
    $complaints = Recompute::complaints($read($argv[1]), (array) $answer, $argc === 4 ? $read($argv[3]) : []);
    $run->answer((array) $answer);
    foreach ($complaints as $complaint) {
        echo "$complaint\n";
    }
    printf("%d rows worked out again, %d figures off\n", $run->rows, count($complaints));
    exit($complaints === [] ? 0 : 1);
}
