using System.Collections.Immutable;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Agents;

/// <summary>Base of what can be asked of an agent's actor.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(RegisterAgent), "register-agent")]
[JsonDerivedType(typeof(FetchInbox), "fetch-inbox")]
[JsonDerivedType(typeof(AcknowledgeHalt), "acknowledge-halt")]
public abstract record AgentCommand : ICommand;

/// <summary>Makes a handle known. Registering again with the same roles and team changes nothing.</summary>
public sealed record RegisterAgent(ImmutableArray<string> Roles, string? Team) : AgentCommand;

/// <summary>The agent looks at its inbox: begins a turn, confirms the halts that cover it, finds set-aside work again.</summary>
public sealed record FetchInbox : AgentCommand;

/// <summary>Acknowledges an active halt, or after the lift its briefing.</summary>
public sealed record AcknowledgeHalt(string HaltId, string? Notes = null) : AgentCommand;
