using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Deploy;

/// <summary>A test for each overlay of the manifests; skipped with the reason where <c>kubectl</c> is not installed, also where <c>CI=true</c>.</summary>
public sealed class KubectlTheoryAttribute : SlowTheoryAttribute
{
    public KubectlTheoryAttribute()
        : base(() => null)
    {
        var here = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "kubectl")));
        if (!here) Skip = "kubectl is not installed (Debian: apt-get install kubernetes-client; kustomize 5 or newer)";
    }
}
