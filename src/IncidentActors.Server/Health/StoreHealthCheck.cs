using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Problems;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IncidentActors.Server.Health;

/// <summary>Whether turns can be committed: the store answers in time, and takes writes.</summary>
internal sealed class StoreHealthCheck(RunningEngine engine) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await engine.Journal.PingAsync(cancellationToken).WaitAsync(Timeout, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is TimeoutException or JournalUnavailableException)
        {
            engine.Log.NotReady(engine.Journal.Description, error.Message);
            return HealthCheckResult.Unhealthy(error.Message);
        }
    }

    /// <summary>The store's sentence may name its folder or host, so anonymous callers learn only that it is unavailable.</summary>
    public static Problem Away => Problem.Of(new Unavailable(
        "The journal's store does not answer. The server's log says why.", Retry, Known: true));
}
