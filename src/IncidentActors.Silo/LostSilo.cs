using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Silo;

/// <summary>
/// A silo that cannot continue, mostly because it froze and the others evicted it from the cluster, need not crash:
/// the journal refuses what it decides on stale knowledge. Its host shuts down cleanly, and the process manager starts a new silo.
/// </summary>
public sealed partial class LostSilo(IHostApplicationLifetime host, ILogger<LostSilo> log) : IFatalErrorHandler
{
    /// <summary>The silo cannot go on, and its host stops.</summary>
    public bool IsLost { get; private set; }

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        if (exception is null) LogExpelled(log, context);
        else LogBroken(log, context, exception);
        IsLost = true;
        host.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "This silo was evicted from the cluster and stops: {Context}")]
    private static partial void LogExpelled(ILogger log, string? context);

    [LoggerMessage(Level = LogLevel.Critical, Message = "This silo cannot go on and stops: {Context}")]
    private static partial void LogBroken(ILogger log, string? context, Exception exception);
}
