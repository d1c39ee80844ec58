using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Orleans.Silos;

/// <summary>
/// A silo that cannot go on, above all one that stood still for so long that the others have taken it out of the cluster, need not crash:
/// the journal refuses what it decides on stale knowledge. Its host stops in good order, and whoever runs the process starts a new silo.
/// </summary>
internal sealed partial class LostSilo(IHostApplicationLifetime host, ILogger<LostSilo> log) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        if (exception is null) LogExpelled(log, context);
        else LogBroken(log, context, exception);
        host.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "This silo was taken out of the cluster and stops: {Context}")]
    private static partial void LogExpelled(ILogger log, string? context);

    [LoggerMessage(Level = LogLevel.Critical, Message = "This silo cannot go on and stops: {Context}")]
    private static partial void LogBroken(ILogger log, string? context, Exception exception);
}
