using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

/// <summary>Base of what can be asked of a halt's actor.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(RaiseHalt), "raise-halt")]
[JsonDerivedType(typeof(LiftHalt), "lift-halt")]
[JsonDerivedType(typeof(HaltTimeIsUp), "halt-time-is-up")]
public abstract record HaltCommand : ICommand;

/// <param name="IncidentId">Work on this incident continues; or null.</param>
/// <param name="BriefingRequired">True: after the lift each covered agent acknowledges what changed before its first turn.</param>
public sealed record RaiseHalt(
    HaltScope Scope, string Reason, string? IncidentId = null, HaltMode Mode = HaltMode.Enforce, bool? BriefingRequired = null) : HaltCommand;

/// <param name="Scope">The part to lift; null for the whole halt.</param>
public sealed record LiftHalt(HaltScope? Scope = null, string? Notes = null) : HaltCommand;

/// <summary>The halt has been active until its review time: it reminds and escalates.</summary>
public sealed record HaltTimeIsUp : HaltCommand;
