using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

/// <summary>Base of what can be asked of a halt's actor.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(RaiseHalt), "raise-halt")]
[JsonDerivedType(typeof(LiftHalt), "lift-halt")]
public abstract record HaltCommand : ICommand;

/// <param name="IncidentId">The incident whose own work goes on, or null.</param>
public sealed record RaiseHalt(HaltScope Scope, string Reason, string? IncidentId = null, HaltMode Mode = HaltMode.Enforce) : HaltCommand;

/// <param name="Scope">The part to lift, or null: the whole halt.</param>
public sealed record LiftHalt(HaltScope? Scope = null, string? Notes = null) : HaltCommand;
