using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Permits;

/// <summary>Base of what can be asked of a permit's actor.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(RequestPermit), "request-permit")]
[JsonDerivedType(typeof(RenewPermit), "renew-permit")]
[JsonDerivedType(typeof(EndPermit), "end-permit")]
[JsonDerivedType(typeof(PermitTimeIsUp), "permit-time-is-up")]
public abstract record PermitCommand : ICommand;

/// <summary>Asks whether an outside action may start now.</summary>
/// <param name="Target">The service that it changes, or null: not known.</param>
/// <param name="Digest">Of exactly what is done: an image, or SHA-256 of a command.</param>
/// <param name="AtpId">The ATP that it is part of; its incident's own halt does not stop it.</param>
/// <param name="Seconds">How long it is wanted, or null: as long as the policy gives.</param>
/// <param name="Path">The enforcement point that holds it: <c>guard</c>, <c>hook</c>, <c>gateway</c>, <c>gate</c>, <c>git</c>, <c>admission</c>.</param>
/// <param name="BreakGlass">Passes every halt and rule for this reason, on record; only enforcement points with an own rule for it give one.</param>
public sealed record RequestPermit(
    string Action, string? Target = null, string? Environment = null, string? Digest = null, string? AtpId = null, int? Seconds = null,
    string? Path = null, string? BreakGlass = null) : PermitCommand
{
    private const int MaxWordLength = 200;

    public static readonly string WordForm = $"1 to {MaxWordLength} visible characters without spaces";

    [JsonIgnore]
    public bool IsWellFormed => IsWord(Action) && new[] { Target, Environment, Digest, AtpId, Path }.All(word => word is null || IsWord(word));

    /// <summary>One word of a permit: visible ASCII without spaces, as in commands and digests.</summary>
    public static bool IsWord(string text) => text.Length is > 0 and <= MaxWordLength && text.All(static c => c is > ' ' and <= '~');
}

/// <summary>The action continues; the permit is renewed for its full time.</summary>
public sealed record RenewPermit : PermitCommand;

/// <summary>The action is over, or is settled.</summary>
public sealed record EndPermit(PermitOutcome Outcome, string? Notes = null) : PermitCommand;

/// <summary>The permit's time is over without a report.</summary>
public sealed record PermitTimeIsUp : PermitCommand;
