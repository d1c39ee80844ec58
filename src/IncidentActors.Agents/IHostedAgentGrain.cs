using Orleans.Concurrency;

namespace IncidentActors.Agents;

/// <summary>A hosted agent as a grain; its key is its handle, <c>@dev</c>.</summary>
[Alias("incident-actors.hosted-agent")]
public interface IHostedAgentGrain : IGrainWithStringKey
{
    /// <summary>Makes the agent look for messages, if it does not do so yet. Every silo calls it at its start, when a silo is lost and once a minute, so
    /// that the agent is active on one of them.</summary>
    [Alias("wake")]
    [AlwaysInterleave]
    Task WakeAsync();
}
