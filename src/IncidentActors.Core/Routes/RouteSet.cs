using System.Collections.Frozen;
using System.Collections.Immutable;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Routes;

/// <summary>
/// The rules from signals to incidents, from top to bottom: for each thing that can be set, the first matching rule that sets it decides. What no
/// rule sets has a default: SEV-3, availability, no condition.
/// </summary>
/// <param name="SeverityLabels">Labels that say a severity.</param>
public sealed record RouteSet(ImmutableArray<RouteRule> Rules, ImmutableArray<HaltCondition> Conditions, ImmutableArray<string> SeverityLabels)
{
    private static readonly Lazy<RouteSet> LazyShipped = new(RoutesYaml.Shipped);

    private readonly FrozenSet<string> words = Rules.SelectMany(rule => rule.When.Said).ToFrozenSet();

    public static RouteSet Shipped => LazyShipped.Value;

    /// <summary>What a SEV-1 halts; null if it halts nothing.</summary>
    public HaltCondition? Severity1 => Condition(HaltCondition.Severity1);

    public HaltCondition? Condition(string id) => Conditions.FirstOrDefault(condition => condition.Id == id);

    public ImmutableArray<Routed> Of(ImmutableArray<Signal> signals) => [.. signals.Select(Of)];

    public Routed Of(Signal signal)
    {
        ImmutableArray<string> said = [.. SeverityLabels.Select(signal.Label).OfType<string>()
            .SelectMany(value => value.Split([',', ';', '|', '/'], StringSplitOptions.RemoveEmptyEntries)).Select(Normal).Distinct()];
        var set = new RouteSettings(Severity: signal.Severity);
        var by = ImmutableArray.CreateBuilder<RouteChoice>();
        string? suppressed = null;
        foreach (var rule in Rules)
        {
            var severity = set.Severity?.Name() ?? (said.IsEmpty ? RouteMatch.Unsaid : RouteMatch.Unknown);
            if (!rule.When.IsTrue(signal, said, severity, signal.Category ?? set.Category)) continue;
            if (rule.Set.Condition is { } condition && condition != RouteSettings.NoCondition && set.Condition == RouteSettings.NoCondition)
                suppressed ??= $"{condition} (rule {rule.Name}) is not met because of rule {by.First(choice => choice.Key == "condition").Rule}";
            var before = set;
            set = With(set, rule.Set);
            by.AddRange(rule.Set.Given().Except(before.Given()).Where(given => before.Given().All(known => known.Key != given.Key))
                .Select(given => new RouteChoice(given.Key, given.Value, rule.Name)));
        }

        var unread = said.Where(word => !words.Contains(word)).ToList();
        var met = set.Condition is { } id ? Condition(id) : null;
        if (met is not null && set.Halts == false)
        {
            suppressed ??= $"{met.Id} is not met because of rule {by.First(choice => choice.Key == "halts").Rule}";
            met = null;
        }

        return new Routed(set, met, by.ToImmutable(), unread.Count == 0 ? null : string.Join(", ", unread), suppressed);
    }

    private static RouteSettings With(RouteSettings set, RouteSettings more) => new(
        set.Severity ?? more.Severity, set.Category ?? more.Category, set.Service ?? more.Service, set.Flow ?? more.Flow,
        set.Commander ?? more.Commander, set.Responders.IsDefaultOrEmpty ? more.Responders : set.Responders, set.Condition ?? more.Condition,
        set.Halts ?? more.Halts, set.Group.IsDefaultOrEmpty ? more.Group : set.Group, set.GroupFor ?? more.GroupFor, set.Hold ?? more.Hold,
        set.Drop ?? more.Drop);

    /// <summary>Severity words are compared without case, spaces and underscores.</summary>
    internal static string Normal(string word) =>
        word.Trim().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}

/// <param name="Key">What was set.</param>
public sealed record RouteChoice(string Key, string Value, string Rule);

/// <summary>What the routes make of one signal.</summary>
/// <param name="Condition">The halt condition that is met, or null.</param>
/// <param name="By">Which rule has set what; what is not there has its default.</param>
/// <param name="Unread">Severity words that no rule reads, or null.</param>
/// <param name="Suppressed">Why a recognised condition is not met, or null.</param>
public sealed record Routed(RouteSettings Set, HaltCondition? Condition, ImmutableArray<RouteChoice> By, string? Unread, string? Suppressed)
{
    /// <summary>The severity that the signal or a rule gives, SEV-3 by default. An enforced halt condition makes it SEV-1.</summary>
    public Severity Severity => Condition?.Mode.IsEnforced() == true ? Severity.Sev1 : Set.Severity ?? Severity.Sev3;

    /// <summary>Whether the signal may raise a halt; if not, even a SEV-1 halts nothing.</summary>
    public bool Halts => Set.Halts != false;

    /// <summary>One line for timelines: what was set by which rule, and what was not understood.</summary>
    public string Account
    {
        get
        {
            var parts = By.Where(choice => choice.Value != RouteSettings.NoCondition)
                .Select(choice => $"{choice.Key} {choice.Value} by {choice.Rule}");
            if (Set.Severity is null && Condition is null) parts = parts.Prepend($"severity {Severity.Name()} by default");
            if (Unread is not null) parts = parts.Append($"severity word '{Messages.Shortened.To(Unread, 60)}' is unknown");
            if (Suppressed is not null) parts = parts.Append(Suppressed);
            return string.Join("; ", parts);
        }
    }
}
