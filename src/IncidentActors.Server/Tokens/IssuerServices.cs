using IncidentActors.Core.Access;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Pages.SigningIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IncidentActors.Server.Tokens;

/// <summary>The libraries that check what issuers say.</summary>
internal static class IssuerServices
{
    private const string Configuration = ".well-known/openid-configuration";
    private const int MaxConfigurationBytes = 1024 * 1024;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>No secret that this server would share with an issuer signs a token.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly HttpClient Client = new() { MaxResponseContentBufferSize = MaxConfigurationBytes };

    public static AuthenticationBuilder AddIssuers(this AuthenticationBuilder schemes, IssuerSet issuers, string? clientSecret, TimeSpan timeout)
    {
        schemes.Services.AddSingleton(issuers);
        schemes.Services.AddSingleton<CallerCredentials>();
        schemes.Services.AddSingleton<ICredentials>(provider => provider.GetRequiredService<CallerCredentials>());
        foreach (var issuer in issuers.Issuers.Where(issuer => issuer.ClientId is not null)) 
            schemes.AddPageSignIn(issuer, clientSecret, timeout);
        return schemes;
    }

    /// <summary>What a token of the issuer must show. The issuer's keys are read when they are needed, and again when one is not known.</summary>
    public static TokenValidationParameters Checks(Issuer issuer) => new()
    {
        ValidIssuer = issuer.Url,
        ValidAudiences = issuer.Audiences,
        ValidAlgorithms = Algorithms,
        ClockSkew = ClockSkew,
        ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{issuer.Url.TrimEnd('/')}/{Configuration}",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(Client) { RequireHttps = issuer.Url.StartsWith("https:", StringComparison.Ordinal) }),
    };
}
