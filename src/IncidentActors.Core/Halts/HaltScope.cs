using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Halts;

public enum HaltScopeKind
{
    All,
    Team,
    Agent,
    Atp,
    Service,
    Environment,
    Action,
}

/// <summary>One condition of a scope. Services, environments and actions may hold <c>*</c> for any text.</summary>
public readonly record struct HaltScopePart(HaltScopeKind Kind, string Value)
{
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Value}";

    internal bool Contains(Subject subject) => Kind switch
    {
        HaltScopeKind.All => true,
        HaltScopeKind.Team => subject.Team == Value,
        HaltScopeKind.Agent => subject.Agent == Value,
        HaltScopeKind.Atp => subject.Atp == Value,
        HaltScopeKind.Service => Matches(subject.Service),
        HaltScopeKind.Environment => Matches(subject.Environment),
        _ => Matches(subject.Action),
    };

    private bool Matches(string? text) => text is not null && Wildcard.Matches(Value, text);
}

/// <summary>
/// What a halt covers: <c>all</c>, or <c>team:x</c>, <c>agent:@dev</c>, <c>atp:AT-…</c>, <c>service:checkout</c>, <c>environment:production</c>,
/// <c>action:deploy*</c>, or several of them joined by <c>+</c>, which must all hold.
/// </summary>
[JsonConverter(typeof(HaltScopeConverter))]
public readonly struct HaltScope : IEquatable<HaltScope>
{
    public const string Forms =
        "'all', 'team:x', 'agent:@dev', 'atp:AT-…', 'service:s', 'environment:e', 'action:a*', or several joined by '+'";

    public static readonly HaltScope All;

    private readonly ImmutableArray<HaltScopePart> parts;

    public HaltScope(HaltScopeKind kind, string value = "")
        : this(kind == HaltScopeKind.All ? [] : [new HaltScopePart(kind, value)])
    {
    }

    private HaltScope(ImmutableArray<HaltScopePart> parts) => this.parts = parts;

    /// <summary>All parts must match; an empty list covers everything.</summary>
    public ImmutableArray<HaltScopePart> Parts => parts.IsDefault ? [] : parts;

    public bool IsAll => Parts.IsEmpty;

    /// <summary>The scope within what a call may halt: where its access token is for a team, that team.</summary>
    public HaltScope Within(Call call)
    {
        if (call.Team is not { } team) return this;
        var own = new HaltScopePart(HaltScopeKind.Team, team);
        return Parts.Contains(own) ? this : new HaltScope([.. Parts.Append(own).Order(Comparer<HaltScopePart>.Create(Compare))]);
    }

    /// <summary>Whether the scope covers this subject, regardless of exemptions.</summary>
    public bool Contains(Subject subject)
    {
        foreach (var part in Parts)
        {
            if (!part.Contains(subject)) return false;
        }

        return true;
    }

    /// <summary>True: it names what outside actions are about, so that any agent that it does not exclude may start one that it covers.</summary>
    public bool NamesTargets => Parts.Any(part => part.Kind >= HaltScopeKind.Service) && Parts.All(part => part.Kind != HaltScopeKind.Atp);

    /// <summary>Whether the scope names another agent, or a team other than this agent's.</summary>
    public bool Excludes(Subject agent)
    {
        foreach (var part in Parts)
        {
            if (part.Kind is HaltScopeKind.Agent or HaltScopeKind.Team && !part.Contains(agent)) return true;
        }

        return false;
    }

    public override string ToString() => IsAll ? "all" : string.Join('+', Parts);
    public bool Equals(HaltScope other) => Parts.SequenceEqual(other.Parts);
    public override bool Equals(object? obj) => obj is HaltScope other && Equals(other);
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
    public static bool operator ==(HaltScope left, HaltScope right) => left.Equals(right);
    public static bool operator !=(HaltScope left, HaltScope right) => !left.Equals(right);

    /// <summary>The order of the parts does not matter: the same conditions are the same scope.</summary>
    public static bool TryParse(string? text, out HaltScope scope)
    {
        scope = All;
        text = text?.Trim() ?? "";
        if (string.Equals(text, "all", StringComparison.OrdinalIgnoreCase)) return true;
        var parts = new SortedSet<HaltScopePart>(Comparer<HaltScopePart>.Create(Compare));
        foreach (var word in text.Split('+'))
        {
            if (Part(word.Trim()) is not { } part) return false;
            parts.Add(part);
        }

        scope = new HaltScope([.. parts]);
        return true;
    }

    private static int Compare(HaltScopePart one, HaltScopePart other) =>
        one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind) : string.CompareOrdinal(one.Value, other.Value);

    private static HaltScopePart? Part(string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return word.StartsWith('@') && Handle.IsWellFormed(Handle.Normalize(word)) ? new HaltScopePart(HaltScopeKind.Agent, Handle.Normalize(word)) : null;
        }

        var value = word[(colon + 1)..].Trim();
        HaltScopePart? part = word[..colon].ToLowerInvariant() switch
        {
            "team" => new HaltScopePart(HaltScopeKind.Team, value),
            "agent" => new HaltScopePart(HaltScopeKind.Agent, Handle.Normalize(value)),
            "atp" => new HaltScopePart(HaltScopeKind.Atp, value),
            "service" => new HaltScopePart(HaltScopeKind.Service, value.ToLowerInvariant()),
            "environment" => new HaltScopePart(HaltScopeKind.Environment, value.ToLowerInvariant()),
            "action" => new HaltScopePart(HaltScopeKind.Action, value.ToLowerInvariant()),
            _ => null,
        };
        return part switch
        {
            null => null,
            { Kind: HaltScopeKind.Agent } agent => Handle.IsWellFormed(agent.Value) ? agent : null,
            _ => value.Length > 0 && !value.Any(char.IsControl) ? part : null,
        };
    }
}

/// <summary>Converts a scope to and from its text.</summary>
public sealed class HaltScopeConverter : JsonConverter<HaltScope>
{
    public override HaltScope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Stored(reader.GetString() ?? "") ?? throw new JsonException("not a halt scope");

    public override void Write(Utf8JsonWriter writer, HaltScope value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    /// <summary>Earlier versions knew no combinations: a plus was part of a team's name.</summary>
    private static HaltScope? Stored(string text) =>
        HaltScope.TryParse(text, out var scope) ? scope
        : text.StartsWith("team:", StringComparison.Ordinal) ? new HaltScope(HaltScopeKind.Team, text["team:".Length..])
        : null;
}
