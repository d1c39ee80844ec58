using IncidentActors.Core.Decisions;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Orleans;

/// <summary>The cluster engine in a host. This program was built where Orleans does not restore, so there is none.</summary>
public static class OrleansHosting
{
    /// <summary>Why this program has no cluster engine, or null: it has.</summary>
    public static string? Missing =>
        "This program was built without the Orleans engine, because the packages of Microsoft Orleans did not restore then; "
        + "use the embedded engine, or build it again where they do.";

    /// <exception cref="NotSupportedException">Always; <see cref="Missing"/> says why.</exception>
    public static IHostApplicationBuilder AddOrleansEngine(
        this IHostApplicationBuilder host, IJournal journal, EngineOptions options, OrleansSettings settings) =>
        throw new NotSupportedException(Missing);
}

/// <summary>A running silo; never to be had in this program.</summary>
public sealed class OrleansNode : IAsyncDisposable
{
    private OrleansNode()
    {
    }

    public EmbeddedEngine Engine => throw new NotSupportedException(OrleansHosting.Missing);
    public CancellationToken Lost => throw new NotSupportedException(OrleansHosting.Missing);
    public IActorDirectory Actors => throw new NotSupportedException(OrleansHosting.Missing);

    /// <exception cref="NotSupportedException">Always; <see cref="OrleansHosting.Missing"/> says why.</exception>
    public static Task<OrleansNode> StartAsync(
        IJournal journal, EngineOptions options, OrleansSettings settings, ILoggerFactory logs, CancellationToken cancel) =>
        throw new NotSupportedException(OrleansHosting.Missing);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
