using IncidentActors.Core.Access;
using IncidentActors.Core.Agents;
using IncidentActors.Engine;
using IncidentActors.Engine.Records;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Pages.Serving;
using IncidentActors.Server.Pages.SigningIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace IncidentActors.Server.Tokens;

/// <summary>Authentication, authorization and rate limits of every endpoint.</summary>
internal static class AccessServices
{
    public static void AddAccess(this IServiceCollection services, double requestsPerSecond, double requestsAtOnce, IssuerSet issuers, ServerOptions options)
    {
        services.AddSingleton<AccessAudit>();
        services.AddSingleton<PageSessions>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TokenSessions>(provider, provider.GetRequiredService<EngineOptions>().Time));
        services.AddHostedService(provider => provider.GetRequiredService<TokenSessions>());
        services.AddOptions<KeyManagementOptions>().Configure<IRecords>(static (keys, records) => keys.XmlRepository = new DataKeys(records));
        services.AddAuthentication(Schemes.Selected)
            .AddIssuers(issuers, options.SignInSecret, options.IssuerTimeout)
            .AddPolicyScheme(Schemes.Selected, null, options => options.ForwardDefaultSelector = SchemeOf)
            .AddScheme<TokenOptions, TokenHandler>(Schemes.Nothing, static options => options.Nothing = true)
            .AddScheme<TokenOptions, TokenHandler>(Schemes.Bearer, null)
            .AddScheme<TokenOptions, TokenHandler>(Schemes.Page, options => (options.Sessions, options.SignIn) = (true, SignIn))
            .AddScheme<TokenOptions, TokenHandler>(Schemes.Alertmanager, options => (options.Source, options.Basic) = (Handle.Alertmanager, true));
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Policies.Administrators, policy => policy.RequireAuthenticatedUser().RequireAssertion(IsAdministrator));
        services.AddRateLimits(requestsPerSecond, requestsAtOnce);
    }

    /// <summary>Behind routing: every decision is the endpoint's.</summary>
    public static void UseAccess(this WebApplication app)
    {
        ConnectionLimits.UseConnectionLimits(app);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseUnknownBodyRate();
        app.UseRateLimits();
        app.UseTokenLifetimes();
    }

    private static string SchemeOf(HttpContext http) => http.GetEndpoint()?.Metadata switch
    {
        { } metadata when metadata.GetMetadata<CredentialsFrom>() is { } named => named.Scheme,
        { } metadata when metadata.GetMetadata<IAllowAnonymous>() is not null => Schemes.Nothing,
        _ => PersonRequest.IsAstray(http) ? Schemes.Page : Schemes.Bearer,
    };

    private static string? SignIn(HttpContext http) =>
        PersonRequest.Is(http) ? SignInEndpoints.PathTo(http.Request.Path + http.Request.QueryString) : null;

    private static bool IsAdministrator(AuthorizationHandlerContext context) => context.User.Identity switch
    {
        TokenIdentity { Token: var token } => token.Administers,
        { AuthenticationType: Schemes.Local } => true,
        _ => false,
    };
}
