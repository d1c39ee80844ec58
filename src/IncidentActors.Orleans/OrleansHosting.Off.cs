using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Hosting;

namespace IncidentActors.Orleans;

/// <summary>The cluster engine in a host. This program was built where Orleans does not restore, so there is none.</summary>
public static class OrleansHosting
{
    /// <summary>Why this program has no cluster engine, or null: it has.</summary>
    public static string? Missing =>
        "This program was built without the Orleans engine, because the packages of Microsoft Orleans did not restore then; use the embedded engine, or build it again where they do.";

    /// <exception cref="NotSupportedException">Always; <see cref="Missing"/> says why.</exception>
    public static IHostApplicationBuilder AddOrleansEngine(
        this IHostApplicationBuilder host, IJournal journal, EngineOptions options, OrleansSettings settings) =>
        throw new NotSupportedException(Missing);
}
