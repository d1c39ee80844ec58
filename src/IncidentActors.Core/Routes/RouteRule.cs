using System.Collections.Immutable;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Routes;

/// <summary>One rule of the routes: what it looks for, and what it sets where it is the first that does.</summary>
public sealed record RouteRule(string Name, RouteMatch When, RouteSettings Set);

/// <summary>Everything that is given must be true; an empty match is always true.</summary>
/// <param name="Labels">By names, alternatives separated by <c>|</c>; one of the labels must have one of the values. A value that begins or ends in
/// <c>*</c> is an end or a beginning.</param>
/// <param name="Said">Words of the severity labels; one of them must be said.</param>
/// <param name="Text">Phrases; one of them must occur in the signal's name, title or description.</param>
/// <param name="Severity">The severity that the rules above have given: <c>SEV-1</c> … <c>SEV-4</c>, <c>unsaid</c>, or <c>unknown</c> (a word that none of
/// them reads).</param>
/// <param name="Not">Must not be true.</param>
public sealed record RouteMatch(
    ImmutableArray<string> Source,
    ImmutableArray<(ImmutableArray<string> Names, ImmutableArray<string> Values)> Labels,
    ImmutableArray<string> Said,
    ImmutableArray<ImmutableArray<string>> Text,
    ImmutableArray<string> Severity,
    ImmutableArray<IncidentCategory> Category,
    ImmutableArray<string> Roles,
    RouteMatch? Not)
{
    public const string Unsaid = "unsaid";
    public const string Unknown = "unknown";

    /// <param name="said">Words of the signal's severity labels, normalised.</param>
    /// <param name="severity">As the rules above have it.</param>
    /// <param name="category">As the rules above have it.</param>
    public bool IsTrue(Signal signal, ImmutableArray<string> said, string severity, IncidentCategory? category) =>
        (Source.IsEmpty || Source.Contains(signal.Source))
        && (Said.IsEmpty || said.Any(Said.Contains))
        && (Severity.IsEmpty || Severity.Contains(severity))
        && (Category.IsEmpty || (category is { } known && Category.Contains(known)))
        && (Roles.IsEmpty || (!signal.Roles.IsDefault && signal.Roles.Any(Roles.Contains)))
        && Labels.All(wanted => wanted.Names.Any(name => signal.Label(name) is { } value && wanted.Values.Any(pattern => IsValue(pattern, value))))
        && (Text.IsEmpty || Text.Any(phrase => RouteWords.Contain(signal.Words, phrase)))
        && Not?.IsTrue(signal, said, severity, category) != true;

    private static bool IsValue(string pattern, string value) => (pattern[0], pattern[^1]) switch
    {
        ('*', '*') => value.Contains(pattern.Trim('*'), StringComparison.OrdinalIgnoreCase),
        ('*', _) => value.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase),
        (_, '*') => value.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase),
        _ => string.Equals(pattern, value, StringComparison.OrdinalIgnoreCase),
    };
}

/// <summary>What a rule sets; null or empty: the next matching rule decides.</summary>
/// <param name="Condition">Id of a halt condition, or <c>none</c>.</param>
/// <param name="Halts">False: this signal halts nothing, regardless of its severity and condition.</param>
/// <param name="Group">Labels that form the group key with their values: alerts with the same key join one incident.</param>
/// <param name="GroupFor">How long after its declaration an incident takes alerts of the group.</param>
/// <param name="Hold">The alert must fire for as long before it declares.</param>
/// <param name="Drop">Nothing is declared, for this reason.</param>
public sealed record RouteSettings(
    Severity? Severity = null,
    IncidentCategory? Category = null,
    string? Service = null,
    string? Flow = null,
    string? Commander = null,
    ImmutableArray<string> Responders = default,
    string? Condition = null,
    bool? Halts = null,
    ImmutableArray<string> Group = default,
    TimeSpan? GroupFor = null,
    TimeSpan? Hold = null,
    string? Drop = null)
{
    public const string NoCondition = "none";

    /// <summary>Names and values of what is set, in the order of the file's keys.</summary>
    public IEnumerable<(string Key, string Value)> Given()
    {
        if (Severity is { } severity) yield return ("severity", severity.Name());
        if (Category is { } category) yield return ("category", category.ToString().ToLowerInvariant());
        if (Service is not null) yield return ("service", Service);
        if (Flow is not null) yield return ("flow", Flow);
        if (Commander is not null) yield return ("commander", Commander);
        if (!Responders.IsDefaultOrEmpty) yield return ("responders", string.Join(' ', Responders));
        if (Condition is not null) yield return ("condition", Condition);
        if (Halts is { } halts) yield return ("halts", halts ? "true" : "false");
        if (!Group.IsDefaultOrEmpty) yield return ("group", string.Join(' ', Group));
        if (GroupFor is { } time) yield return ("groupFor", Flows.FlowDuration.Format(time));
        if (Hold is { } hold) yield return ("hold", Flows.FlowDuration.Format(hold));
        if (Drop is not null) yield return ("drop", Drop);
    }
}
